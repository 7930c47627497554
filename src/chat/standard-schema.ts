import type { JsonObject } from './json.ts';

/**
 * A schema of any library that speaks Standard Schema 1: zod, valibot, arktype and others. Source:
 * https://standardschema.dev, whose types are meant to be copied.
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    /** Name of the library. */
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** For the compiler only. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** Of version 1.1, where the library has it; throws for what JSON schema cannot say. */
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: 'draft-2020-12' }) => JsonObject }
      | undefined;
  };
}

/** What a schema says of a value: what became of it, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing wrong with a value. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
