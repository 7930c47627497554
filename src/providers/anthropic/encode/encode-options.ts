import type { Repair, Warning } from '../../../provider-kit/index.ts';
import type { ReadingOptions } from '../reading.ts';
import type { Repairs } from '../repairs.ts';
import type { BlockMap } from './block-map.ts';
import type { WireBody } from './claude-wire.ts';

/** What decides a translation besides the request and the model. No clock, no chance, no memory (T-10). */
export interface EncodeOptions {
  /** The provider's name, for error messages. */
  readonly provider: string;
  /** Whether upstream is asked for a stream; not necessarily what the caller wants (T-8). */
  readonly stream: boolean;
  /** Refuse wherever the translation would otherwise warn. */
  readonly strict: boolean;
  /** What to do with a model that Anthropic has retired (MOD-4). */
  readonly retiredModels: 'warn' | 'reject' | 'remap';
  /** Changes that upstream's refusal of the same request has asked for (TH-16, REQ-39). @default none */
  readonly repairs?: readonly Repair[];
  /** What the host calls a model, by Anthropic's id. @default the same */
  readonly modelIds?: Readonly<Record<string, string>>;
  /**
   * The older version keeps sampling parameters for models up to 4.6 (T-3). Bedrock and Vertex have names of their
   * own for it, and Bedrock has no other for these models. @default '2026-10-21'
   */
  readonly apiVersion?: '2026-10-21' | '2023-06-01' | 'bedrock-2023-05-31' | 'vertex-2023-10-16';
  /** Ask for readable reasoning; the request may say otherwise (TH-11). @default false */
  readonly exposeReasoning?: boolean;
  /** Turn on Anthropic's automatic prompt caching, which bills cache writes (CA-2). @default false */
  readonly autoCache?: boolean | { readonly ttl: '5m' | '1h' };
  /** A trailing assistant message on a model without prefill: refuse, or ask to continue from it (MSG-18). @default 'reject' */
  readonly prefill?: 'reject' | 'convert';
  /** Put a user message's `name` in front of its text (MSG-12). @default false */
  readonly prefixNames?: boolean;
  /** Let every conversation begin with a user turn, as some clouds demand (MSG-15). @default false */
  readonly requireUserFirst?: boolean;
  /** Take Anthropic's own content blocks inside messages (PRT-17). @default true */
  readonly acceptNativeParts?: boolean;
  /** Take Anthropic's own tool objects inside `tools` (TL-16). @default true */
  readonly acceptNativeTools?: boolean;
  /** Describe a custom tool's grammar in words instead of refusing it (TL-13). @default false */
  readonly emulateGrammar?: boolean;
  /** What upstream does with thinking blocks of another history (TH-16). @default 'error' */
  readonly thinkingMismatch?: 'error' | 'drop_block';
}

/** A request for the Messages API, and what was learned while translating it. */
export interface EncodedRequest {
  readonly body: WireBody;
  /** Non-empty: send to the beta endpoint, with these in `anthropic-beta` (T-9). */
  readonly betas: readonly string[];
  /** Further headers, lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
  readonly reading: ReadingOptions;
  /** What may still be changed, should upstream refuse it. */
  readonly repairs: Repairs;
  /** Finds the caller's path behind a path in an upstream error (ERR-62). */
  readonly blockMap: BlockMap;
}
