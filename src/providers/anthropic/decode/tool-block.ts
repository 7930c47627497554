import { type ChatEvent, isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { JSON_TOOL_NAME } from '../reading.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { OpaqueBlock } from './opaque-block.ts';
import { ToolInput } from './tool-input.ts';

/** The block for a `tool_use`: a call of a function, of a custom tool, or the answer in a tool's clothes. */
export function startTool(start: JsonObject, answer: AnswerSoFar, out: ChatEvent[]): ContentBlock {
  const { name, id } = start;
  // Without them nobody could run the call or answer it; to drop it in silence would end an agent's turn.
  if (typeof name !== 'string' || name === '' || typeof id !== 'string' || id === '') {
    throw answer.badResponse('a tool call has no name or no id');
  }
  const { jsonTool, customTools, toolNames } = answer.reading;
  if (jsonTool && name === JSON_TOOL_NAME) return new JsonAnswer(start, answer);
  // RES-7: of two calls with one id the caller could only answer one.
  if (answer.hasCall(id)) return new OpaqueBlock(start, answer);
  const call: Call = { index: answer.addCall(id), id, name: toolNames.get(name) ?? name };
  return customTools.has(name)
    ? new CustomCall(start, answer, call)
    : new FunctionCall(start, answer, call, out);
}

/** A call as the caller will know it. */
interface Call {
  readonly index: number;
  readonly id: string;
  readonly name: string;
}

/** What all of them share: the input, and whether there is more to the call than its name and arguments. */
abstract class ToolBlock implements ContentBlock {
  readonly input: ToolInput;
  readonly answer: AnswerSoFar;
  readonly #start: JsonObject;

  constructor(start: JsonObject, answer: AnswerSoFar) {
    this.#start = start;
    this.answer = answer;
    this.input = new ToolInput(start, answer);
  }

  abstract delta(delta: JsonObject, out: ChatEvent[]): void;
  abstract close(out: ChatEvent[]): void;

  /** A call made from code, or of a toolset, has to go back the way it came (RES-7). */
  plain(): boolean {
    const { caller, toolset_name: toolset } = this.#start;
    return (!isRecord(caller) || caller['type'] === 'direct') && (toolset ?? null) === null;
  }

  native(): JsonObject | undefined {
    return this.input.native();
  }
}

/** Told at once and piece by piece: the start of a call commits the answer. */
class FunctionCall extends ToolBlock {
  readonly #index: number;

  constructor(start: JsonObject, answer: AnswerSoFar, { index, id, name }: Call, out: ChatEvent[]) {
    super(start, answer);
    this.#index = index;
    if (!this.plain()) {
      const more = Object.entries(start).filter(([key]) => key === 'caller' || key === 'toolset_name');
      out.push({ type: 'vendor', provider: 'anthropic', data: { tool_use: Object.fromEntries(more) } });
    }
    out.push({ type: 'tool_call_start', index, id, name });
  }

  /** STR-12: fragments go on as they are; id and name are never repeated (BUG-48). */
  delta(delta: JsonObject, out: ChatEvent[]): void {
    this.#tell(this.input.add(delta), out);
  }

  /** STR-12a: arguments must join to something that parses, `{}` at the least (BUG-2). */
  close(out: ChatEvent[]): void {
    this.#tell(this.input.rest(), out);
    if (this.input.text === '') this.answer.owe((later) => this.#tell('{}', later));
  }

  #tell(json: string, out: ChatEvent[]): void {
    if (json !== '') out.push({ type: 'tool_call_delta', index: this.#index, arguments: json });
  }
}

/** TL-12: told once, when complete (STR-12c). */
class CustomCall extends ToolBlock {
  readonly #call: Call;

  constructor(start: JsonObject, answer: AnswerSoFar, call: Call) {
    super(start, answer);
    this.#call = call;
  }

  /** Held back: a part of `{"input": …}` is no part of the text in it. */
  delta(delta: JsonObject): void {
    this.input.add(delta);
  }

  close(out: ChatEvent[]): void {
    // Takes in an input that came whole in the start event.
    this.input.rest();
    out.push({ type: 'custom_tool_call', ...this.#call, input: this.#unwrapped() });
  }

  /** The text out of `{"input": text}`. What is cut or of another shape is handed on as it came. */
  #unwrapped(): string {
    const { text } = this.input;
    const parsed = this.input.native()?.['input'];
    const input = isRecord(parsed) ? parsed['input'] : undefined;
    return typeof input === 'string' ? input : text;
  }
}

/** RF-4, STR-27: the input of the synthetic tool is the text of the answer, verbatim. */
class JsonAnswer extends ToolBlock {
  delta(delta: JsonObject, out: ChatEvent[]): void {
    this.answer.say(this.input.add(delta), out);
  }

  /** An object without members is JSON too, and is what a caller of `JSON.parse` must get. */
  close(out: ChatEvent[]): void {
    this.answer.say(this.input.rest(), out);
    if (this.input.text === '') this.answer.owe((later) => this.answer.say('{}', later));
  }
}
