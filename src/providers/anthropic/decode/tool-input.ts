import type { JsonObject } from '../../../provider-kit/index.ts';
import { isTooDeep } from '../encode/well-formed.ts';
import type { AnswerSoFar } from './answer-so-far.ts';

/** The input of a tool call as it arrives: fragments of JSON text, or whole in the start event. */
export class ToolInput {
  readonly #start: JsonObject;
  readonly #answer: AnswerSoFar;
  /** Grows by concatenation, which engines do without copying. */
  #text = '';

  constructor(start: JsonObject, answer: AnswerSoFar) {
    this.#start = start;
    this.#answer = answer;
  }

  /** What a delta adds, possibly nothing. Fragments split anywhere and are passed on unread (STR-12). */
  add(delta: JsonObject): string {
    if (delta['type'] !== 'input_json_delta') return '';
    const fragment = this.#toText(delta['partial_json']);
    this.#text += fragment;
    return fragment;
  }

  /**
   * What the start event held, if no delta has said anything (STR-11). A start event's empty object says nothing:
   * written out before the deltas it would spoil them (BUG-1).
   */
  rest(): string {
    const { input } = this.#start;
    if (this.#text !== '' || isEmptyObject(input)) return '';
    this.#text = this.#toText(input);
    return this.#text;
  }

  /** All of it, as JSON text; `''` when nothing came. */
  get text(): string {
    return this.#text;
  }

  /** The call as a whole message would hold it; `undefined` when the text is not JSON, for it is never repaired. */
  native(): JsonObject | undefined {
    if (this.#text === '') return this.#start;
    try {
      return { ...this.#start, input: JSON.parse(this.#text) };
    } catch {
      return undefined;
    }
  }

  /** Some hosts send the input itself where its JSON text belongs (G5). */
  #toText(input: unknown): string {
    if (typeof input === 'string') return input;
    if (typeof input !== 'object' || input === null) return '';
    // `JSON.stringify` recurses and would overflow the stack (V14).
    if (isTooDeep(input)) throw this.#answer.badResponse('a tool input is nested too deeply');
    return JSON.stringify(input);
  }
}

/** What the API puts into a start event as a stand-in for the input to come. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
