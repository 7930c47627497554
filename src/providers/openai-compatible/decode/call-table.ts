import { type ChatEvent, isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { shortId } from '../encode/node-short-id.ts';
import { argumentText, isWhole } from './call-arguments.ts';

/** A tool call under way. `text` are its arguments so far, or the input of a free-form tool. */
interface OpenCall {
  readonly index: number;
  readonly id: string;
  /** The host's id for it, which may be another's too. */
  wireId: string | undefined;
  /** Empty until the host has said it; nothing is told before. */
  name: string;
  custom: boolean;
  text: string;
  /** The last piece of it closes an object: only then is it worth a look whether all of it is complete. */
  closes: boolean;
  told: boolean;
}

/** What one fragment says. Either may be empty. */
interface Said {
  readonly name: string;
  readonly text: string;
}

/** Fields of a call that are OpenAI's own. */
const OWN: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function', 'custom']);

/**
 * The tool calls of one answer, whatever a host sends: no index, the same index for all, holes, ids in every
 * fragment or in none. Outwards they are dense from 0, in the order in which they began, each with an id of its own.
 */
export class CallTable {
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, OpenCall>();
  readonly #byId = new Map<string, OpenCall>();
  /** By call id; a map, because an id may be any text. */
  readonly #extras = new Map<string, JsonObject>();
  readonly #answerId: () => string;

  /** @param answerId - what ids that the host leaves out are made from, so that they differ between answers (BUG-46) */
  constructor(answerId: () => string) {
    this.#answerId = answerId;
  }

  get size(): number {
    return this.#calls.length;
  }

  /** What the host said of its calls beyond OpenAI's fields, by call id; `undefined` when nothing. */
  get extras(): JsonObject | undefined {
    return this.#extras.size > 0 ? Object.fromEntries(this.#extras) : undefined;
  }

  /** Reads one fragment. */
  push(fragment: JsonObject, out: ChatEvent[]): void {
    const custom = isRecord(fragment['custom']) ? fragment['custom'] : undefined;
    const called = custom ?? (isRecord(fragment['function']) ? fragment['function'] : {});
    const said: Said = {
      name: textOf(called['name']),
      text: custom ? textOf(custom['input']) : argumentText(called['arguments']),
    };
    const call = this.#find(fragment, said, out);
    if (custom) call.custom = true;
    if (call.name === '') call.name = said.name;
    this.#keepExtras(fragment, call.id);
    // A call that is said a second time, whole, is the same call.
    const text = said.text === call.text && isComplete(call) ? '' : said.text;
    if (text.trim() !== '') call.closes = text.trimEnd().endsWith('}');
    call.text += text;
    this.#tell(call, text, out);
  }

  /**
   * Completes the calls: arguments that never came are `{}` (BUG-2), unless the answer was cut before they could.
   *
   * @returns false when a call never got a name, so that nobody could execute it
   */
  end(cut: boolean, out: ChatEvent[]): boolean {
    for (const call of this.#calls) {
      this.#settle(call, out);
      if (call.told && !call.custom && !cut && call.text.trim() === '') {
        out.push({ type: 'tool_call_delta', index: call.index, arguments: '{}' });
      }
    }
    return cut || this.#calls.every((call) => call.name !== '');
  }

  /** The call that a fragment belongs to: the one it continues, or a new one. */
  #find(fragment: JsonObject, said: Said, out: ChatEvent[]): OpenCall {
    const id = textOf(fragment['id']) || undefined;
    const index = isPlace(fragment['index']) ? fragment['index'] : undefined;
    const there = index === undefined ? undefined : this.#byIndex.get(index);
    const call =
      id === undefined ? this.#unidentified(there, index, said) : this.#identified(id, there, index, said);
    return call ?? this.#open(id, index, out);
  }

  /** The id decides, but where one id stands for two calls, the place does. */
  #identified(
    id: string,
    there: OpenCall | undefined,
    index: number | undefined,
    said: Said,
  ): OpenCall | undefined {
    if (there?.wireId === id) return begins(there, said) ? undefined : there;
    const known = this.#byId.get(id);
    if (known) {
      // Two calls under one id: another place, and a name to begin with (G6).
      const isNew = (index !== undefined && !there && said.name !== '') || begins(known, said);
      return isNew ? undefined : known;
    }
    // An id that comes late, for a call that has none yet.
    if (!there || there.wireId !== undefined || begins(there, said)) return undefined;
    there.wireId = id;
    this.#byId.set(id, there);
    return there;
  }

  /** Without an id, a name tells a beginning from a continuation, unless it is the same name said again. */
  #unidentified(there: OpenCall | undefined, index: number | undefined, said: Said): OpenCall | undefined {
    if (there) return begins(there, said) ? undefined : there;
    const last = this.#calls.at(-1);
    if (!last || said.name === '') return last;
    return index === undefined && !begins(last, said) ? last : undefined;
  }

  /** TL-H7: an id that another call has is none. Of two calls under one id the caller could answer only one. */
  #open(id: string | undefined, index: number | undefined, out: ChatEvent[]): OpenCall {
    const last = this.#calls.at(-1);
    if (last?.custom) this.#settle(last, out);
    const place = this.#calls.length;
    const own = id !== undefined && !this.#byId.has(id);
    const call: OpenCall = {
      index: place,
      id: own ? id : `call_${shortId(`${this.#answerId()} ${place}`, 24)}`,
      wireId: id,
      name: '',
      custom: false,
      text: '',
      closes: false,
      told: false,
    };
    this.#calls.push(call);
    if (own) this.#byId.set(id, call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }

  /** STR-11, STR-12: the start once, with id and name, then the arguments as they come. */
  #tell(call: OpenCall, text: string, out: ChatEvent[]): void {
    const { index, id, name } = call;
    if (name === '' || call.custom) return;
    if (call.told) {
      if (text !== '') out.push({ type: 'tool_call_delta', index, arguments: text });
      return;
    }
    call.told = true;
    out.push({ type: 'tool_call_start', index, id, name });
    if (call.text !== '') out.push({ type: 'tool_call_delta', index, arguments: call.text });
  }

  /** STR-12c: the call of a free-form tool is told once, when complete. */
  #settle(call: OpenCall, out: ChatEvent[]): void {
    if (!call.custom || call.told || call.name === '') return;
    call.told = true;
    const { index, id, name, text } = call;
    out.push({ type: 'custom_tool_call', index, id, name, input: text });
  }

  /** Each field once: hosts repeat them, or send them with the last fragment. */
  #keepExtras(fragment: JsonObject, id: string): void {
    for (const key of Object.keys(fragment)) {
      if (OWN.has(key) || fragment[key] === null) continue;
      this.#extras.set(id, { ...this.#extras.get(id), [key]: fragment[key] });
    }
  }
}

/** V7: a place that is no whole number is none. */
function isPlace(index: unknown): index is number {
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0;
}

/** True when a named fragment cannot continue this call: another name, or more after arguments that are complete. */
function begins(call: OpenCall, { name, text }: Said): boolean {
  if (name === '' || call.name === '') return false;
  return name !== call.name || (text !== '' && text !== call.text && isComplete(call));
}

function isComplete({ closes, text }: OpenCall): boolean {
  return closes && isWhole(text);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
