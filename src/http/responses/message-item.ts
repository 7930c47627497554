import type { UrlCitation } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';
import { added, done, type EventLog, type ItemPlace, type ItemStatus, type OutputItem } from './event-log.ts';

/** A part of a message under way. */
interface Part {
  readonly kind: 'output_text' | 'refusal';
  /** Its place in the message. */
  readonly index: number;
  text: string;
  /** In this dialect's flat form; of a text only. */
  readonly annotations: JsonObject[];
}

/** A message of the output: a text, a refusal, or both one after the other. */
export class MessageItem implements OutputItem {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  /** Those that are complete. */
  readonly #parts: JsonObject[] = [];
  /** The open one, if any. */
  #part: Part | undefined;
  #status = 'in_progress';
  /** What stands around the number and the text of a delta. */
  #before = '';
  #between = '';

  constructor(log: EventLog, place: ItemPlace) {
    this.#log = log;
    this.#place = place;
  }

  /** Without the open part: it belongs to the message once it is complete. */
  get item(): JsonObject {
    const { id } = this.#place;
    return { id, type: 'message', status: this.#status, role: 'assistant', content: [...this.#parts] };
  }

  /** Without content: that is announced part by part. */
  open(): string {
    return added(this.#log, this.#place, this.item);
  }

  /** The hot path: a number and a piece of text between strings. */
  say(text: string): string {
    return this.#write('output_text', text);
  }

  /** A piece of the words in which the model declines. */
  refuse(text: string): string {
    return this.#write('refusal', text);
  }

  /**
   * Citations of the text, which are known at its end (RES-10).
   *
   * @param offset - where this message begins in the whole answer, in UTF-16 units; citations before it are not its own
   */
  annotate(citations: readonly UrlCitation[], offset: number): string {
    const part = this.#part;
    if (part?.kind !== 'output_text') return '';
    let frames = '';
    for (const { url_citation: cited } of citations) {
      const { url, title } = cited;
      const start_index = cited.start_index - offset;
      if (start_index < 0) continue;
      const end_index = cited.end_index - offset;
      const annotation = { type: 'url_citation', url, title, start_index, end_index };
      const annotation_index = part.annotations.push(annotation) - 1;
      frames += this.#log.event('response.output_text.annotation.added', {
        ...this.#where(part),
        annotation_index,
        annotation,
      });
    }
    return frames;
  }

  close(status: ItemStatus): string {
    const frames = this.#endPart();
    this.#status = status;
    return frames + done(this.#log, this.#place, this.item);
  }

  /** A piece of the part that is wanted, which is opened where it is not open. */
  #write(kind: Part['kind'], text: string): string {
    const begun = this.#part?.kind === kind ? '' : this.#beginPart(kind);
    if (this.#part) this.#part.text += text;
    return `${begun}${this.#before}${this.#log.number()}${this.#between}${JSON.stringify(text)}}\n\n`;
  }

  /** Announces a part, and prepares what stands around each of its pieces. */
  #beginPart(kind: Part['kind']): string {
    const ended = this.#endPart();
    const part: Part = { kind, index: this.#parts.length, text: '', annotations: [] };
    this.#part = part;
    const type = kind === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta';
    const where = JSON.stringify({ ...this.#where(part), ...(kind === 'output_text' && { logprobs: [] }) });
    this.#before = `event: ${type}\ndata: {"type":"${type}","sequence_number":`;
    this.#between = `,${where.slice(1, -1)},"delta":`;
    return (
      ended + this.#log.event('response.content_part.added', { ...this.#where(part), part: shape(part) })
    );
  }

  /** Tells the open part once more, whole, under both names that OpenAI has for that. */
  #endPart(): string {
    const part = this.#part;
    if (!part) return '';
    this.#part = undefined;
    const told = shape(part);
    this.#parts.push(told);
    const where = this.#where(part);
    const ended =
      part.kind === 'refusal'
        ? this.#log.event('response.refusal.done', { ...where, refusal: part.text })
        : this.#log.event('response.output_text.done', { ...where, text: part.text, logprobs: [] });
    return ended + this.#log.event('response.content_part.done', { ...where, part: told });
  }

  /** What names the part in its own events. */
  #where({ index }: Part): JsonObject {
    const { id, output_index } = this.#place;
    return { item_id: id, output_index, content_index: index };
  }
}

/** A part as the wire has it. */
function shape({ kind, text, annotations }: Part): JsonObject {
  if (kind === 'refusal') return { type: kind, refusal: text };
  return { type: kind, text, annotations: [...annotations], logprobs: [] };
}
