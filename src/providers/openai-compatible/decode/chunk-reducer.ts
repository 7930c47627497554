import { type ChatEvent, isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { type ChatErrorContext, inStreamFailure, notAnAnswer } from '../errors.ts';
import { readHead } from './answer-head.ts';
import { AnswerText } from './answer-text.ts';
import { CallTable } from './call-table.ts';
import { ExtraFields, wordsOfDetails } from './extra-fields.ts';
import { finishReasonFor, meaningOf } from './finish-word.ts';
import { readUsage } from './reported-usage.ts';
import { saysError } from './says-error.ts';

/** What the reading of an answer depends on, and what its errors are to name. */
export interface ChunkContext extends ChatErrorContext {
  /** The id that was sent upstream. */
  readonly model: string;
  /** Stands in for an id of the host that is missing or not unique. */
  readonly answerId: string;
  /** Epoch seconds, taken when the head of the answer came. */
  readonly created: number;
  readonly thinkTags: boolean;
}

/**
 * Reads chat completion chunks into events, one reducer for each answer. A whole answer is read as one chunk.
 *
 * Throws nothing but `ProviderError`, whatever it is fed. The end is told by `end()`, because usage comes behind
 * the finish reason; `finish` is told once, and never without a reason of the host's.
 */
export class ChunkReducer {
  readonly #context: ChunkContext;
  readonly #text: AnswerText;
  readonly #calls: CallTable;
  readonly #extras = new ExtraFields();
  #answerId: string;
  #started = false;
  #finish: string | undefined;
  #reportedUsage: JsonObject | undefined;
  #finished = false;

  constructor(context: ChunkContext) {
    this.#context = context;
    this.#answerId = context.answerId;
    this.#text = new AnswerText(context.thinkTags);
    this.#calls = new CallTable(() => this.#answerId);
  }

  /** True once `finish` was told. */
  get finished(): boolean {
    return this.#finished;
  }

  /** True once the finish reason is known: whatever breaks from here on, the answer is complete (T38). */
  get stopped(): boolean {
    return this.#finish !== undefined;
  }

  /**
   * Reads one chunk and appends what it tells to `out`.
   *
   * @throws ProviderError for an error in its place, and for what breaks the protocol
   */
  push(chunk: unknown, out: ChatEvent[]): void {
    if (!isRecord(chunk)) return;
    const choices = chunk['choices'];
    const hasChoices = Array.isArray(choices) && choices.length > 0;
    if (saysError(chunk, hasChoices)) throw inStreamFailure(chunk, this.#context);
    if (!this.#started) this.#start(chunk, hasChoices, out);
    const choice = hasChoices ? firstChoice(choices) : undefined;
    if (choice) this.#takeChoice(choice, out);
    // What comes once is looked for in the chunks that are not all text.
    if (!choice || choice['finish_reason'] || chunk['usage']) this.#takeRest(chunk, choice, out);
  }

  /** The answer is over. Without a finish reason it was cut, and the pool says so (ERR-56). */
  end(out: ChatEvent[]): void {
    if (this.#finished) return;
    this.#text.end(out);
    if (this.#finish === undefined) return;
    const cut = meaningOf(this.#finish) === 'length';
    if (!this.#calls.end(cut, out)) throw notAnAnswer(this.#context, 'a tool call has no name');
    this.#tellRest(this.#finish, out);
    this.#finished = true;
  }

  /** STR-2: nothing here commits, so the pool may still go elsewhere. */
  #start(chunk: JsonObject, hasChoices: boolean, out: ChatEvent[]): void {
    const { answerId: id, model, created } = this.#context;
    this.#extras.takeChunk(chunk);
    const head = readHead(chunk, hasChoices, { id, model, created });
    if (!head) return;
    this.#started = true;
    this.#answerId = head.id;
    out.push(head);
  }

  #takeChoice(choice: JsonObject, out: ChatEvent[]): void {
    if (choice['error']) throw inStreamFailure(choice, this.#context);
    const delta = choice['delta'] ?? choice['message'];
    if (isRecord(delta)) this.#takeDelta(delta, out);
    if (choice['logprobs']) this.#extras.takeLogprobs(choice['logprobs']);
    const word = choice['finish_reason'];
    if (typeof word === 'string' && word !== '') this.#stop(word);
  }

  /** The hot path: nearly all deltas are a `content` of one token. */
  #takeDelta(delta: JsonObject, out: ChatEvent[]): void {
    const content = delta['content'];
    const details = delta['reasoning_details'];
    // Three names for the same words; some hosts send two of them at once.
    const reasoning =
      delta['reasoning_content'] || delta['reasoning'] || (details && wordsOfDetails(details));
    if (reasoning) this.#text.think(reasoning, out);
    if (details) this.#extras.takeReasoning(details);
    if (typeof content === 'string') this.#text.say(content, out);
    else if (content) this.#text.sayParts(content, out);
    if (delta['refusal']) this.#text.refuse(delta['refusal'], out);
    if (delta['tool_calls']) this.#takeCalls(delta['tool_calls'], out);
    // The deprecated form knows one call, without id and index (STR-28).
    if (isRecord(delta['function_call']))
      this.#takeCalls([{ index: 0, function: delta['function_call'] }], out);
    if (delta['annotations']) this.#extras.takeAnnotations(delta['annotations']);
  }

  #takeCalls(fragments: unknown, out: ChatEvent[]): void {
    try {
      for (const fragment of Array.isArray(fragments) ? fragments : [fragments]) {
        if (isRecord(fragment)) this.#calls.push(fragment, out);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw notAnAnswer(this.#context, 'the arguments of a tool call are nested too deeply');
    }
  }

  /** A plain end may be corrected by a later word; any other word stands. */
  #stop(word: string): void {
    const meaning = meaningOf(word);
    if (meaning === 'failed' || meaning === 'overloaded') {
      const code = meaning === 'failed' ? 'server_error' : 'overloaded';
      throw inStreamFailure({ error: { code, message: `finish reason ${word}` } }, this.#context);
    }
    if (this.#finish === undefined || meaningOf(this.#finish) === 'done') this.#finish = word;
  }

  #takeRest(chunk: JsonObject, choice: JsonObject | undefined, out: ChatEvent[]): void {
    this.#extras.takeChunk(chunk);
    const usage = usageOf(chunk, choice);
    if (usage) this.#reportedUsage = usage;
    // A running total: until the finish more may come, and after it the last one is told again as the sum.
    if (usage || (this.stopped && choice)) this.#tellUsage(out);
  }

  #tellUsage(out: ChatEvent[]): void {
    const usage = this.#reportedUsage && readUsage(this.#reportedUsage, this.#extras.serviceTier);
    if (usage) out.push({ type: 'usage', usage: this.stopped ? usage : { ...usage, partial: true } });
  }

  /** `finish` last, so that a reader who sees it knows all the rest (STR-14). */
  #tellRest(word: string, out: ChatEvent[]): void {
    const { annotations } = this.#extras;
    const { provider } = this.#context;
    if (annotations.length > 0) out.push({ type: 'annotations', annotations });
    const fields = this.#extras.read(this.#calls.extras);
    if (fields) out.push({ type: 'vendor', provider, data: fields });
    if (meaningOf(word) === undefined) {
      // The word itself is in `raw`; in a message it would be foreign text.
      const message = 'the answer ended for a reason this version does not know; told as a plain end';
      out.push({ type: 'warning', warning: { code: 'unknown_stop_reason', message } });
    }
    out.push({ type: 'finish', reason: finishReasonFor(word, this.#calls.size > 0), raw: word });
  }
}

/** Of several choices the first by their own count, as the pool asks for one. */
function firstChoice(choices: readonly unknown[]): JsonObject | undefined {
  for (const choice of choices) {
    if (isRecord(choice) && (choice['index'] ?? 0) === 0) return choice;
  }
  return undefined;
}

/** Where hosts put it: beside the choices, under Groq's name, or inside the choice (Moonshot). */
function usageOf(chunk: JsonObject, choice: JsonObject | undefined): JsonObject | undefined {
  const groq = chunk['x_groq'];
  const places = [chunk['usage'], isRecord(groq) && groq['usage'], choice?.['usage']];
  return places.find(isRecord);
}
