import type { JsonObject } from '../../provider-kit/index.ts';

/**
 * Where a host differs from OpenAI's own API, as data: one flag, one difference, and a host that has it.
 *
 * Every flag is off by default, and then the caller's request goes out as it came. What hosts do differently in
 * their answers needs no flag, because every spelling is read; only `thinkTags` could be mistaken for text.
 */
export interface Quirks {
  /**
   * The name under which the limit of the answer's length is sent. Left out: as the caller wrote it.
   * OpenAI wants `max_completion_tokens`; Mistral refuses it with a 422, and Ollama overlooks it.
   */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /**
   * How a stream comes to tell its usage. `none`: the host refuses `stream_options` and tells the usage unasked
   * (Mistral), or not at all.
   * @default 'stream_options'
   */
  readonly usageInStream?: 'stream_options' | 'none';
  /** The role `developer` is understood, as by OpenAI. Otherwise it is sent as `system`. @default false */
  readonly developerRole?: boolean;
  /**
   * Models that refuse `max_tokens` and, unless the effort is `none`, sampling parameters: ids, or beginnings of
   * ids with a `*` after them. One whose spec says `reasoning: false` is none of them. OpenAI: `o3*`, `gpt-5*`, …
   * @default none
   */
  readonly reasoningModels?: readonly string[];
  /**
   * Top-level parameters that the host answers with a 400 or 422: dropped, with a warning unless the value is the
   * default. Groq: `logprobs`, `logit_bias`, `top_logprobs`; Mistral and Gemini: whatever they have no field for.
   * @default none
   */
  readonly unsupportedParams?: readonly string[];
  /**
   * Fields that only some hosts know, and that are stripped elsewhere: `thinking` (DeepSeek), `top_k` (vLLM,
   * Together), `cache_control` and `reasoning_details` (OpenRouter). @default none
   */
  readonly extensions?: readonly string[];
  /** `name` on a message that is no tool result is refused (Groq, Mistral): dropped with a warning. @default false */
  readonly noMessageNames?: boolean;
  /** Most stop sequences the host takes; the first ones are kept, with a warning. OpenAI: 4. @default no limit */
  readonly stopLimit?: number;
  /**
   * System messages are only allowed at the beginning (Perplexity, Qwen's chat template): later ones become user
   * messages in `<system-reminder>`, with a warning. @default false
   */
  readonly systemFirst?: boolean;
  /** One system message at most (Qwen's chat template): those at the beginning are joined. @default false */
  readonly mergeSystem?: boolean;
  /** User and assistant must take turns (Perplexity): neighbours of one role are joined. @default false */
  readonly alternateRoles?: boolean;
  /** A user may not follow a tool (Mistral): an assistant message is put between them. @default false */
  readonly assistantAfterTool?: boolean;
  /** A call cannot be forced (Cerebras): `required` and named tools become `auto`, with a warning. @default false */
  readonly noForcedToolChoice?: boolean;
  /**
   * How much of `response_format` the host can do. A schema becomes JSON mode where `json_object` is all
   * (DeepSeek), nothing where there is `none`; the schema itself is put into words, with a warning.
   * @default 'json_schema'
   */
  readonly jsonSchema?: 'json_schema' | 'json_object' | 'none';
  /**
   * A strict schema must keep to OpenAI's subset (OpenAI, Azure): it is put there where that changes nothing it
   * allows, and otherwise sent without `strict`, with a warning. @default false
   */
  readonly strictSubset?: boolean;
  /** `strict` in a tool's definition is refused (Moonshot, Together): left out, with a warning. @default false */
  readonly noStrictTools?: boolean;
  /**
   * What the ids of tool calls must look like. `nine_alphanumerics` (Mistral): ids of another form are hashed, the
   * same way every time and on both sides.
   * @default 'any'
   */
  readonly toolIdFormat?: 'any' | 'nine_alphanumerics';
  /**
   * Fields without which a model refuses a tool call that another host made. Gemini 3 wants a signature on the first
   * call of a turn, and has one for calls that it did not make itself.
   */
  readonly foreignCalls?: { readonly models: readonly string[]; readonly fields: JsonObject };
  /** `content: null` beside tool calls is refused (Ollama, LM Studio): sent as `''`. @default false */
  readonly emptyContentForCalls?: boolean;
  /** A tool's result must name its tool (Gemini): filled in from the call. @default false */
  readonly toolResultName?: boolean;
  /**
   * The name under which the host wants an assistant's reasoning back (DeepSeek, in a turn with tool calls). Left
   * out: it is never sent, for strict hosts refuse it.
   */
  readonly replayReasoning?: 'reasoning_content' | 'reasoning';
  /** Answers may begin with their reasoning in `<think>` (R1 and its kin on Perplexity, vLLM, Ollama). @default false */
  readonly thinkTags?: boolean;
  /** `GET /models` lists other names than can be asked for (Azure: models, not deployments): not read. @default false */
  readonly otherCatalogue?: boolean;
}
