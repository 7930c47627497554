import { isRecord, type JsonObject, tokenCount, type Usage } from '../../../provider-kit/index.ts';
import { isTooDeep } from '../encode/well-formed.ts';
import { billableTokens } from './billable-tokens.ts';
import { billedRuns } from './billed-runs.ts';

/** A figure of Anthropic's `usage` that this house has a bucket for. */
type Figure =
  | 'input'
  | 'output'
  | 'thinking'
  | 'cacheRead'
  | 'cacheWrite'
  | 'write5m'
  | 'write1h'
  | 'searches'
  | 'fetches';

/** Where each figure stands in Anthropic's `usage`. */
const figures: readonly (readonly [figure: Figure, path: readonly string[]])[] = [
  ['input', ['input_tokens']],
  ['output', ['output_tokens']],
  ['thinking', ['output_tokens_details', 'thinking_tokens']],
  ['cacheRead', ['cache_read_input_tokens']],
  ['cacheWrite', ['cache_creation_input_tokens']],
  ['write5m', ['cache_creation', 'ephemeral_5m_input_tokens']],
  ['write1h', ['cache_creation', 'ephemeral_1h_input_tokens']],
  ['searches', ['server_tool_use', 'web_search_requests']],
  ['fetches', ['server_tool_use', 'web_fetch_requests']],
];

/** What only the answer itself can tell of its usage. */
export interface AnswerState {
  /** The stop reason is known: no more tokens will come. */
  readonly stopped: boolean;
  /** A thinking block was seen. */
  readonly thought: boolean;
  /** Refused before anything was written, which is not billed (USE-10). */
  readonly unbilled: boolean;
}

/**
 * Usage over the events of one message. Every report is a running total: a later figure replaces the earlier one,
 * a missing, null or impossible one leaves it standing (USE-6, USE-12); nothing is ever added up.
 */
export class MessageUsage {
  /** The last figure that can be trusted, for each. */
  readonly #known: { [Name in Figure]?: number } = {};
  #native: JsonObject = {};

  /** @param placeholder - from `message_start`, whose `output_tokens` is a stand-in and never told (USE-7) */
  merge(usage: unknown, placeholder: boolean): void {
    if (!isRecord(usage)) return;
    const told = Object.entries(usage).filter(([, value]) => value !== null);
    // `fromEntries` defines members, so that a key such as `__proto__` stays data.
    this.#native = Object.fromEntries([...Object.entries(this.#native), ...told]);
    for (const [figure, path] of figures) {
      if (figure === 'output' && placeholder) continue;
      const count = tokenCount(valueAt(usage, path));
      if (count !== undefined) this.#known[figure] = count;
    }
  }

  /** The report as Anthropic worded it, merged. */
  get native(): JsonObject {
    return this.#native;
  }

  /** What is known so far, in disjoint buckets; `undefined` while nothing is, for 0 would be a claim. */
  read(state: AnswerState): Usage | undefined {
    const { input, output, cacheRead, searches, fetches } = this.#known;
    if (Object.keys(this.#known).length === 0) return undefined;
    const modifiers = this.#modifiers();
    const iterations = this.#iterations();
    return defined({
      inputTokens: input,
      cacheReadTokens: cacheRead,
      cacheWrite5mTokens: this.#written5m(),
      cacheWrite1hTokens: this.#written1h(),
      outputTokens: output,
      reasoningTokens: this.#reasoning(state),
      serverTools:
        searches === undefined && fetches === undefined
          ? undefined
          : defined({ webSearchRequests: searches, webFetchRequests: fetches }),
      modifiers: Object.keys(modifiers).length > 0 ? modifiers : undefined,
      billed: state.unbilled ? false : undefined,
      partial: state.stopped ? undefined : true,
      runs: iterations && billedRuns(iterations),
      providerSpecific: iterations && { iterations, ...billableTokens(iterations) },
    });
  }

  /** Writes without a stated life count as 5 minutes, the default life. Later totals come without a split. */
  #written5m(): number | undefined {
    const { cacheWrite, write5m } = this.#known;
    return cacheWrite === undefined ? write5m : cacheWrite - (this.#written1h() ?? 0);
  }

  #written1h(): number | undefined {
    const { cacheWrite, write1h } = this.#known;
    return write1h !== undefined && cacheWrite !== undefined ? Math.min(write1h, cacheWrite) : write1h;
  }

  /** USE-5: unreported reasoning is nothing when no thinking was seen, and unknown otherwise. */
  #reasoning({ stopped, thought }: AnswerState): number | undefined {
    const { output, thinking } = this.#known;
    if (thinking !== undefined) return output === undefined || thinking <= output ? thinking : undefined;
    return stopped && !thought && output !== undefined ? 0 : undefined;
  }

  /** RES-13: words as reported; what they do to a price is the price table's to know. */
  #modifiers(): NonNullable<Usage['modifiers']> {
    const { service_tier: serviceTier, speed, inference_geo: inferenceGeo } = this.#native;
    return defined({
      serviceTier: typeof serviceTier === 'string' ? serviceTier : undefined,
      speed: typeof speed === 'string' ? speed : undefined,
      inferenceGeo: typeof inferenceGeo === 'string' ? inferenceGeo : undefined,
    });
  }

  /** USE-9: the top-level figures are those of the last iteration only; what is billed is the sum. */
  #iterations(): readonly unknown[] | undefined {
    const { iterations } = this.#native;
    if (!Array.isArray(iterations) || iterations.length === 0 || isTooDeep(iterations)) return undefined;
    return iterations;
  }
}

/** `undefined` where a step is missing or no object: proxies leave out whole groups (USE-12). */
function valueAt(usage: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), usage);
}

/** The members that are known. */
function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const known: { [Key in keyof T]?: Exclude<T[Key], undefined> } = {};
  for (const key in values) {
    const value = values[key];
    if (isDefined(value)) known[key] = value;
  }
  return known;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
