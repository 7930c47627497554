import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/chat/events.ts';
import { EventLog } from '../../../src/http/responses/event-log.ts';
import { OutputItems } from '../../../src/http/responses/output-items.ts';
import { parseFrames } from '../frames.ts';

const items = (): OutputItems => new OutputItems(new EventLog(), 'r1');
const start = (index: number): ChatEvent => ({ type: 'tool_call_start', index, id: `t${index}`, name: 'f' });
const piece = (index: number, json: string): ChatEvent => ({
  type: 'tool_call_delta',
  index,
  arguments: json,
});
const think = (text: string): ChatEvent => ({ type: 'reasoning_delta', text });
const sign: ChatEvent = {
  type: 'thinking_block',
  block: { type: 'thinking', thinking: 'hm', signature: 's' },
};

/** Beginnings and ends of items, in their order. */
const outline = (frames: string): string[] =>
  parseFrames(frames).flatMap(({ event, data }) => {
    const { item, output_index: at } = Object(data);
    return event?.startsWith('response.output_item.')
      ? [`${event.slice(21)} ${at} ${item.type} ${item.status ?? ''}`.trim()]
      : [];
  });

describe('OutputItems', () => {
  it('opens an item when there is something in it, and one at a time', () => {
    const out = items();
    const frames = [
      ...[think(''), think('hm'), sign].map((event) => out.event(event)),
      ...[out.text(''), out.text('I '), out.text('look.')],
      ...[start(0), piece(0, '{"a'), piece(0, ''), piece(0, '":1}'), start(1), piece(1, '{}')].map((event) =>
        out.event(event),
      ),
      out.text('So.'),
      out.end('completed'),
    ];
    expect(outline(frames.join(''))).toEqual([
      ...['added 0 reasoning', 'done 0 reasoning'],
      ...['added 1 message in_progress', 'done 1 message completed'],
      ...['added 2 function_call in_progress', 'done 2 function_call completed'],
      ...['added 3 function_call in_progress', 'done 3 function_call completed'],
      ...['added 4 message in_progress', 'done 4 message completed'],
    ]);
    expect(out.output).toMatchObject([
      { id: 'rs_r1_0', summary: [{ text: 'hm' }] },
      { id: 'msg_r1_1', content: [{ text: 'I look.' }] },
      { id: 'fc_r1_2', call_id: 't0', arguments: '{"a":1}' },
      { id: 'fc_r1_3', call_id: 't1', arguments: '{}' },
      { id: 'msg_r1_4', content: [{ text: 'So.' }] },
    ]);
  });

  it('keeps calls open side by side where a host tells several at once', () => {
    const out = items();
    const events = [start(0), piece(0, '{"a'), start(1), piece(1, '{"b":1}'), piece(0, '":1}')];
    const frames = events.map((event) => out.event(event)).join('') + out.end('completed');
    expect(outline(frames).map((line) => line.slice(0, 6))).toEqual(['added ', 'added ', 'done 0', 'done 1']);
    expect(out.output).toMatchObject([{ arguments: '{"a":1}' }, { arguments: '{"b":1}' }]);
  });

  it('unsigned reasoning ends where something else begins', () => {
    const out = items();
    const frames = out.event(think('hm')) + out.text('so') + out.event(think('more')) + out.end('completed');
    expect(outline(frames).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      ...['added 0 reasoning', 'done 0 reasoning', 'added 1 message', 'done 1 message'],
      ...['added 2 reasoning', 'done 2 reasoning'],
    ]);
  });

  it('FIN-5 what was cut is incomplete, what was told before is not', () => {
    const out = items();
    for (const event of [start(0), piece(0, '{}'), start(1), piece(1, '{"a')]) out.event(event);
    out.end('incomplete');
    expect(out.output).toMatchObject([{ status: 'completed' }, { status: 'incomplete', arguments: '{"a' }]);
    const text = items();
    text.text('cut of');
    text.end('incomplete');
    expect(text.output).toMatchObject([{ status: 'incomplete' }]);
  });

  it('custom tools and refusals have their place', () => {
    const out = items();
    out.event({ type: 'custom_tool_call', index: 0, id: 'c', name: 'g', input: 'free' });
    out.event({ type: 'refusal_delta', text: 'No' });
    out.event({ type: 'refusal_delta', text: '' });
    out.end('completed');
    expect(out.output).toMatchObject([
      { id: 'ctc_r1_0', type: 'custom_tool_call', input: 'free', status: 'completed' },
      { type: 'message', content: [{ type: 'refusal', refusal: 'No' }] },
    ]);
  });

  it('RES-10 citations of the whole answer count in their message', () => {
    const out = items();
    out.text('Before. ');
    out.event(start(0));
    out.text('Rain in Oslo.');
    const url_citation = { url: 'https://e.com', title: 'E', start_index: 8, end_index: 21 };
    out.event({ type: 'annotations', annotations: [{ type: 'url_citation', url_citation }] });
    out.end('completed');
    expect(out.output[2]).toMatchObject({ content: [{ annotations: [{ start_index: 0, end_index: 13 }] }] });
  });

  it('nothing comes of what is no part of the output', () => {
    const out = items();
    const others: ChatEvent[] = [
      piece(3, '{}'),
      { type: 'annotations', annotations: [] },
      { type: 'result', value: 1 },
    ];
    expect(others.map((event) => out.event(event)).join('')).toBe('');
    expect(out.end('completed')).toBe('');
  });
});
