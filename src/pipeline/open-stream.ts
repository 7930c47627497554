import { Accumulator } from '../chat/accumulate.ts';
import { type Batch, commits } from '../chat/events.ts';
import { annotate, isRunestoneError, type PartialAnswer } from '../errors/index.ts';

/**
 * A stream that has reached its commit point, or its end.
 *
 * An object, not a generator: a generator that never started skips its `finally`, and a consumer may drop a
 * stream before the first pull. `return` on this one always reaches the layers below.
 */
export class OpenedStream implements AsyncIterableIterator<Batch> {
  readonly #held: Batch[];
  readonly #rest: AsyncIterator<Batch>;

  constructor(held: Batch[], rest: AsyncIterator<Batch>) {
    this.#held = held;
    this.#rest = rest;
  }

  /** Batches that are there already: so many pulls do not reach the layers below. */
  get held(): number {
    return this.#held.length;
  }

  next(): Promise<IteratorResult<Batch>> {
    const value = this.#held.shift();
    return value ? Promise.resolve({ value, done: false }) : this.#rest.next();
  }

  async return(): Promise<IteratorResult<Batch>> {
    this.#held.length = 0;
    await this.#rest.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/**
 * Pulls until the commit point. What came before it is kept and delivered in order: usage, signatures, hidden
 * reasoning. Rejects with whatever breaks the stream before that point; until then a replay is invisible.
 *
 * @param whole - the caller gets nothing before the whole answer, so for it a replay is invisible until the end
 */
export async function openStream(source: AsyncIterable<Batch>, whole = false): Promise<OpenedStream> {
  const rest = source[Symbol.asyncIterator]();
  const held: Batch[] = [];
  try {
    for (;;) {
      const { value, done } = await rest.next();
      if (done) return new OpenedStream(held, rest);
      held.push(value);
      if (!whole && commits(value)) return new OpenedStream(held, rest);
    }
  } catch (error) {
    if (isRunestoneError(error) && held.some(commits)) annotate(error, { partial: partialOf(held) });
    throw error;
  }
}

function partialOf(held: readonly Batch[]): PartialAnswer {
  const answer = new Accumulator({ id: '', model: '', created: 0 });
  for (const batch of held) answer.add(batch);
  return answer.partial();
}
