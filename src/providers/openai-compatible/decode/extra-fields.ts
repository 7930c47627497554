import { isRecord, type JsonObject, type UrlCitation } from '../../../provider-kit/index.ts';
import { canBeWritten } from './can-be-written.ts';

/** Fields of a chunk that this house has no event for, and that a caller may want or owe in the next turn. */
const CARRIED = ['system_fingerprint', 'service_tier', 'provider', 'citations', 'search_results'] as const;

/** What an answer says beyond text, calls and usage, gathered to its end. */
export class ExtraFields {
  readonly #carried = new Map<string, unknown>();
  readonly #reasoningDetails: unknown[] = [];
  readonly #logprobs: Record<'content' | 'refusal', unknown[]> = { content: [], refusal: [] };
  readonly #annotations: UrlCitation[] = [];

  /** As the answer names it, which may be another than was asked for (RES-13). */
  get serviceTier(): unknown {
    return this.#carried.get('service_tier');
  }

  get annotations(): readonly UrlCitation[] {
    return this.#annotations;
  }

  /** Takes the fields of a chunk; the last word of the host counts. */
  takeChunk(chunk: JsonObject): void {
    for (const name of CARRIED) {
      const value = chunk[name];
      if (value !== undefined && value !== null) this.#carried.set(name, value);
    }
  }

  /** OpenRouter's form of reasoning, which may be signed. */
  takeReasoning(details: unknown): void {
    if (Array.isArray(details)) this.#reasoningDetails.push(...details);
  }

  /** One entry a token. The pool's own answers have no place for them (`logprobs: null`, RES-3). */
  takeLogprobs(logprobs: unknown): void {
    if (!isRecord(logprobs)) return;
    for (const name of ['content', 'refusal'] as const) {
      const tokens = logprobs[name];
      if (Array.isArray(tokens)) this.#logprobs[name].push(...tokens);
    }
  }

  /** Told together at the end (STR-6), as OpenAI streams them one by one. */
  takeAnnotations(annotations: unknown): void {
    if (!Array.isArray(annotations)) return;
    for (const annotation of annotations) {
      const citation = toCitation(annotation);
      if (citation) this.#annotations.push(citation);
    }
  }

  /** All of it, for the host's own corner of the answer; `undefined` when there is nothing. */
  read(calls: JsonObject | undefined): JsonObject | undefined {
    const { content, refusal } = this.#logprobs;
    const logprobs = content.length + refusal.length > 0 && { logprobs: { content, refusal } };
    const fields = {
      ...Object.fromEntries(this.#carried),
      ...(this.#reasoningDetails.length > 0 && { reasoning_details: this.#reasoningDetails }),
      ...logprobs,
      ...(calls && { tool_calls: calls }),
    };
    return Object.keys(fields).length > 0 && canBeWritten(fields) ? fields : undefined;
  }
}

/** A citation of a web page; other kinds are not OpenAI's. */
function toCitation(annotation: unknown): UrlCitation | undefined {
  const citation = isRecord(annotation) ? annotation['url_citation'] : undefined;
  if (!isRecord(citation) || typeof citation['url'] !== 'string') return undefined;
  const { url, title, start_index: start, end_index: end } = citation;
  return {
    type: 'url_citation',
    url_citation: {
      url,
      title: typeof title === 'string' ? title : '',
      start_index: typeof start === 'number' ? start : 0,
      end_index: typeof end === 'number' ? end : 0,
    },
  };
}

/** The words in a list of reasoning details: OpenRouter's `text` and `summary`. */
export function wordsOfDetails(details: unknown): string {
  if (!Array.isArray(details)) return '';
  const words = details.map((detail) => (isRecord(detail) ? (detail['text'] ?? detail['summary']) : ''));
  return words.filter((word) => typeof word === 'string').join('');
}
