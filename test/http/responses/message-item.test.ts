import { describe, expect, it } from 'vitest';
import type { UrlCitation } from '../../../src/chat/events.ts';
import { EventLog } from '../../../src/http/responses/event-log.ts';
import { MessageItem } from '../../../src/http/responses/message-item.ts';
import { parseFrames } from '../frames.ts';

const place = { id: 'msg_1', output_index: 2 };
const where = { item_id: 'msg_1', output_index: 2, content_index: 0 };
const message = (): MessageItem => new MessageItem(new EventLog(), place);
const data = (frames: string): unknown[] => parseFrames(frames).map((frame) => frame.data);
const cited = (start: number, end: number): UrlCitation => ({
  type: 'url_citation',
  url_citation: { url: 'https://e.com', title: 'E', start_index: start, end_index: end },
});

describe('a message of the output', () => {
  it('is told from its beginning to its end, with all of it at every end', () => {
    const item = message();
    const frames = item.open() + item.say('Hel') + item.say('lo "you"\n') + item.close('completed');
    const text = 'Hello "you"\n';
    const part = { type: 'output_text', text, annotations: [], logprobs: [] };
    const whole = { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [part] };
    expect(data(frames)).toEqual([
      {
        ...{ type: 'response.output_item.added', sequence_number: 0, output_index: 2 },
        item: { ...whole, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', sequence_number: 1, ...where, part: { ...part, text: '' } },
      { type: 'response.output_text.delta', sequence_number: 2, ...where, logprobs: [], delta: 'Hel' },
      { type: 'response.output_text.delta', sequence_number: 3, ...where, logprobs: [], delta: 'lo "you"\n' },
      { type: 'response.output_text.done', sequence_number: 4, ...where, text, logprobs: [] },
      { type: 'response.content_part.done', sequence_number: 5, ...where, part },
      { type: 'response.output_item.done', sequence_number: 6, output_index: 2, item: whole },
    ]);
    expect(item.item).toEqual(whole);
  });

  it('a refusal is a part of its own', () => {
    const item = message();
    const frames =
      item.say('Well. ') + item.refuse('I will ') + item.refuse('not.') + item.close('incomplete');
    expect(parseFrames(frames).map(({ event, data }) => [event, data['content_index']])).toEqual([
      ['response.content_part.added', 0],
      ['response.output_text.delta', 0],
      ['response.output_text.done', 0],
      ['response.content_part.done', 0],
      ['response.content_part.added', 1],
      ['response.refusal.delta', 1],
      ['response.refusal.delta', 1],
      ['response.refusal.done', 1],
      ['response.content_part.done', 1],
      ['response.output_item.done', undefined],
    ]);
    expect(item.item).toMatchObject({
      status: 'incomplete',
      content: [{ text: 'Well. ' }, { type: 'refusal', refusal: 'I will not.' }],
    });
    expect(data(frames)[5]).toEqual({
      ...{ type: 'response.refusal.delta', sequence_number: 5, item_id: 'msg_1', output_index: 2 },
      ...{ content_index: 1, delta: 'I will ' },
    });
  });

  it('RES-10 citations count in the text of this message', () => {
    const item = message();
    item.say('So it is.');
    const annotation = {
      type: 'url_citation',
      url: 'https://e.com',
      title: 'E',
      start_index: 0,
      end_index: 5,
    };
    const frames = item.annotate([cited(1, 3), cited(4, 9)], 4);
    expect(data(frames)).toMatchObject([
      { type: 'response.output_text.annotation.added', ...where, annotation_index: 0, annotation },
    ]);
    item.close('completed');
    expect(item.item).toMatchObject({ content: [{ annotations: [annotation] }] });
  });

  it('there is nothing to cite without a text', () => {
    const item = message();
    expect(item.annotate([cited(0, 1)], 0)).toBe('');
    item.refuse('No.');
    expect(item.annotate([cited(0, 1)], 0)).toBe('');
  });
});
