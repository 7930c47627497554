import type { OpenAICompatibleOptions } from '../openai-compatible-options.ts';
import type { Quirks } from '../quirks.ts';

/** The hosts that are known by name. */
export type PresetName =
  | 'openai'
  | 'azure'
  | 'groq'
  | 'mistral'
  | 'deepseek'
  | 'xai'
  | 'together'
  | 'fireworks'
  | 'openrouter'
  | 'perplexity'
  | 'cohere'
  | 'gemini'
  | 'cerebras'
  | 'ollama'
  | 'lmstudio'
  | 'vllm';

/** What is known of a host beforehand: data, to be overridden by what its user knows better. */
export interface PresetRow
  extends Pick<OpenAICompatibleOptions, 'baseURL' | 'keyless' | 'keyHeader' | 'defaultModel'> {
  /** As its vendor writes it. */
  readonly label: string;
  /** Up to and without `/chat/completions`; `''` for a host whose address is its user's own. */
  readonly baseURL: string;
  /** What a host of the user's own adds to an address that is not complete. @default nothing */
  readonly address?: { readonly style: 'azure' } | { readonly style: 'local'; readonly port: number };
  readonly quirks: Quirks;
  /** Variables of the environment, the usual one first. */
  readonly env: {
    readonly key: readonly string[];
    readonly address?: string;
    /** By the name of the header they fill. */
    readonly headers?: Readonly<Record<string, readonly string[]>>;
    /** By the name of the query parameter they fill. */
    readonly query?: Readonly<Record<string, readonly string[]>>;
  };
  /** The pages that say so. */
  readonly sources: readonly string[];
  /** When they were read. */
  readonly checkedOn: string;
}
