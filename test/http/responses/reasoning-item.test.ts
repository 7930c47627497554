import { describe, expect, it } from 'vitest';
import { toEncrypted } from '../../../src/http/responses/encrypted-reasoning.ts';
import { EventLog } from '../../../src/http/responses/event-log.ts';
import { ReasoningItem } from '../../../src/http/responses/reasoning-item.ts';
import { parseFrames } from '../frames.ts';

const reasoning = (): ReasoningItem => new ReasoningItem(new EventLog(), { id: 'rs_1', output_index: 0 });
const events = (frames: string): unknown[] =>
  parseFrames(frames).map(({ event }) => event?.replace('response.', ''));
const block = { type: 'thinking', thinking: 'hm so', signature: 's' } as const;

describe('reasoning of the output', () => {
  it('shows what is shown as one summary', () => {
    const item = reasoning();
    const frames = item.open() + item.think('hm ') + item.think('so') + item.close('completed');
    expect(events(frames)).toEqual([
      ...['output_item.added', 'reasoning_summary_part.added'],
      ...['reasoning_summary_text.delta', 'reasoning_summary_text.delta', 'reasoning_summary_text.done'],
      ...['reasoning_summary_part.done', 'output_item.done'],
    ]);
    for (const { event, data } of parseFrames(frames).slice(1, -1)) {
      expect(data, event).toMatchObject({ item_id: 'rs_1', output_index: 0, summary_index: 0 });
    }
    const summary = [{ type: 'summary_text', text: 'hm so' }];
    expect(item.item).toEqual({ id: 'rs_1', type: 'reasoning', summary, encrypted_content: null });
  });

  it('TH-12 carries the signed block, shown or not', () => {
    const item = reasoning();
    item.open();
    item.sign(block);
    const frames = item.close('completed');
    expect(events(frames)).toEqual(['output_item.done']);
    expect(parseFrames(frames)[0]?.data['item']).toEqual({
      ...{ id: 'rs_1', type: 'reasoning', summary: [] },
      encrypted_content: toEncrypted(block),
    });
  });
});
