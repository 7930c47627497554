import { type ContinuationMethod, type ContinuationWords, continuationOf } from '../chat/continuation.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import { Seam } from '../chat/seam.ts';
import { type AnyRunestoneError, isRunestoneError, type SeamRecord, verdictOf } from '../errors/index.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import type { OpenedStream } from '../pipeline/open-stream.ts';
import { PromptSize } from '../pipeline/prompt-size.ts';
import type { Tally } from '../pipeline/tally.ts';
import type { Candidate } from '../routing/index.ts';
import { joinRounds } from '../usage/join-rounds.ts';
import type { Usage } from '../usage/usage.ts';

/** What goes on with a broken answer needs of the loop whose answer it is. */
export interface Attempts extends AsyncIterableIterator<Batch> {
  readonly candidates: readonly Candidate[];
  /** Who is answering, or was asked last. */
  readonly index: number;
  readonly tally: Tally | undefined;
  /** One attempt at a candidate, for a request of one's own. */
  openAt(index: number, request: RequestContext): Promise<OpenedStream>;
  return(): Promise<IteratorResult<Batch>>;
}

/** How a broken answer is gone on with. */
export interface MidStreamOptions {
  readonly words?: ContinuationWords | undefined;
  /** Told of each seam. */
  readonly onSeam: (seam: SeamRecord) => void;
}

/** Targets that are asked to go on, at most. */
const MAX_HOPS = 2;

/** Characters to a token, for output that nobody counted. */
const CHARS_PER_TOKEN = 4;

/**
 * An answer of text alone that goes on elsewhere when it breaks: one answer to its reader, several attempts to the
 * ledger.
 *
 * Whatever comes of it, nothing is handed on that cannot be proven to belong at the seam; then the reader gets the
 * break as it was. After a call has begun nobody can go on: half a call cannot be quoted.
 */
export class MidStream implements AsyncIterableIterator<Batch> {
  readonly #attempts: Attempts;
  readonly #request: RequestContext;
  readonly #options: MidStreamOptions;
  #source: AsyncIterator<Batch>;
  #said = '';
  #isText = true;
  #hops = 0;
  #before: Usage | undefined;

  constructor(attempts: Attempts, request: RequestContext, options: MidStreamOptions) {
    this.#attempts = attempts;
    this.#request = request;
    this.#options = options;
    this.#source = attempts;
  }

  next(): Promise<IteratorResult<Batch>> {
    return this.#source.next().then(this.#onRead, this.#onBroken);
  }

  async return(): Promise<IteratorResult<Batch>> {
    await this.#source.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #onRead = (result: IteratorResult<Batch>): IteratorResult<Batch> => {
    if (result.done) return result;
    const value = this.#hops === 0 ? result.value : belonging(result.value, this.#before);
    for (const event of value) {
      if (event.type === 'text_delta') this.#said += event.text;
      else if (NOT_TEXT.has(event.type)) this.#isText = false;
    }
    return { value, done: false };
  };

  readonly #onBroken = async (error: unknown): Promise<IteratorResult<Batch>> => {
    if (!this.#mayGoOn(error)) throw error;
    const { tally } = this.#attempts;
    const written = Math.ceil((tally?.outputChars ?? 0) / CHARS_PER_TOKEN);
    const outputTokens = Math.max(tally?.usage?.outputTokens ?? 0, written);
    this.#before = joinRounds(this.#before, { ...tally?.usage, outputTokens });
    const from = this.#attempts.index;
    while (this.#hops < MAX_HOPS) {
      this.#hops += 1;
      const to = this.#next();
      const joint = await this.#goOnAt(to, this.#before.outputTokens ?? 0);
      if (!joint) continue;
      const [code, afterChars] = [error.code, this.#said.length];
      this.#options.onSeam({
        from: this.#labelOf(from),
        to: this.#labelOf(to),
        code,
        afterChars,
        method: joint.method,
      });
      return this.#onRead({ value: joint.batch, done: false });
    }
    throw error;
  };

  #labelOf(index: number): string {
    return this.#attempts.candidates[index]?.target.label ?? '';
  }

  #mayGoOn(error: unknown): error is AnyRunestoneError {
    const { cancellation, request } = this.#request;
    const format = request.response_format?.type ?? 'text';
    return (
      isRunestoneError(error) &&
      verdictOf(error).failover === true &&
      !cancellation.isCancelled &&
      this.#isText &&
      this.#said.trim() !== '' &&
      format === 'text'
    );
  }

  /** The next in the plan; the last goes on by itself. */
  #next(): number {
    return Math.min(this.#attempts.index + 1, this.#attempts.candidates.length - 1);
  }

  /** By a prefill where the model takes one, else in words. The first text that is proven to belong. */
  async #goOnAt(index: number, usedTokens: number): Promise<Joint | undefined> {
    const candidate = this.#attempts.candidates[index];
    const methods: readonly ContinuationMethod[] =
      candidate?.target.spec?.capabilities?.prefill === true ? ['prefill', 'plain'] : ['plain'];
    for (const method of methods) {
      const { words } = this.#options;
      const asked = continuationOf(this.#request.request, this.#said, method, usedTokens, words);
      const request = { ...this.#request, request: asked, size: new PromptSize(asked) };
      try {
        const opened = await this.#attempts.openAt(index, request);
        const batch = await joinedTo(opened, new Seam(this.#said, method));
        if (batch) {
          this.#source = opened;
          return { batch, method };
        }
        await opened.return();
      } catch (error) {
        // The caller is told of the break, never of what came of mending it.
        if (this.#request.cancellation.isCancelled) throw this.#request.cancellation.reason;
        if (!isRunestoneError(error)) throw error;
      }
    }
    return undefined;
  }
}

/** The first text of a continuation that belongs, and how it was asked for. */
interface Joint {
  readonly batch: Batch;
  readonly method: ContinuationMethod;
}

/** Events that no other target can go on from. */
const NOT_TEXT: ReadonlySet<ChatEvent['type']> = new Set([
  'tool_call_start',
  'tool_call_delta',
  'custom_tool_call',
  'refusal_delta',
]);

/** Events of a further attempt that would contradict the answer that has begun: its head, what it was signed with. */
const FOREIGN: ReadonlySet<ChatEvent['type']> = new Set([
  'start',
  'reasoning_delta',
  'thinking_block',
  'vendor',
  'annotations',
]);

function belonging(batch: Batch, before: Usage | undefined): Batch {
  return batch.flatMap((event): ChatEvent[] => {
    if (FOREIGN.has(event.type)) return [];
    return event.type === 'usage' ? [{ type: 'usage', usage: joinRounds(before, event.usage) }] : [event];
  });
}

/**
 * Reads until the seam is proven. A call or a refusal in front of it is no continuation.
 *
 * @returns what has come, its text from the seam on; `undefined` when it does not belong
 */
async function joinedTo(opened: OpenedStream, seam: Seam): Promise<Batch | undefined> {
  const held: ChatEvent[] = [];
  for (;;) {
    const { value, done } = await opened.next();
    if (done) return undefined;
    for (const event of value) {
      if (NOT_TEXT.has(event.type)) return undefined;
      if (event.type === 'text_delta') push(held, seam.push(event.text));
      else if (event.type === 'finish') push(held, seam.end(), event);
      else held.push(event);
    }
    if (seam.state === 'broken') return undefined;
    if (seam.state === 'joined') return held;
  }
}

function push(held: ChatEvent[], text: string, ...after: ChatEvent[]): void {
  if (text !== '') held.push({ type: 'text_delta', text });
  held.push(...after);
}
