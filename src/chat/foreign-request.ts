import type { ChatRequest } from './request.ts';

/**
 * A type as packages write it that know nothing of ours: the same fields, but neither index signatures nor a ban
 * on `undefined`.
 */
type Foreign<Type> = Type extends string | number | boolean | null | undefined
  ? Type
  : Type extends readonly (infer Item)[]
    ? readonly Foreign<Item>[]
    : {
        readonly [Key in keyof Type as string extends Key ? never : Key]:
          | Foreign<Type[Key]>
          | Undefined<Type, Key>;
      };

/** `undefined` for a field that may be missing. */
type Undefined<Type, Key extends keyof Type> = object extends Pick<Type, Key> ? undefined : never;

/** A `ChatRequest` as other packages type it: the parameters of the `openai` package are assignable as they are. */
export type ForeignChatRequest = Foreign<ChatRequest>;
