import { describe, expect, it } from 'vitest';
import { continuedFrom, continuing, pausedMessage } from '../../../src/providers/anthropic/pausing.ts';
import { fixture, reduce } from './wire.ts';

const content = [
  { type: 'text', text: 'Searching. ' },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
  { type: 'text', text: 'Found.' },
];
const native = { content, stop_reason: 'pause_turn', container: { id: 'container_1', expires_at: 'soon' } };

describe('FIN-8: a paused turn', () => {
  it('goes back as a caller would send it (TH-13): its text, and its content verbatim', () => {
    expect(pausedMessage(native)).toEqual({
      role: 'assistant',
      content: 'Searching. Found.',
      provider_specific_fields: { anthropic: native },
    });
  });

  it.each([undefined, [], 'text', null])('whose content is %o cannot go back', (odd) => {
    expect(pausedMessage({ content: odd })).toBeUndefined();
  });

  it('tells what is there already, in the container in which it ran', () => {
    expect(continuedFrom(pausedMessage(native))).toEqual({
      content,
      textLength: 17,
      container: 'container_1',
    });
  });

  it.each([undefined, {}, { provider_specific_fields: { anthropic: {} } }])('of %o nothing is', (message) => {
    expect(continuedFrom(message)).toEqual({ content: [], textLength: 0, container: undefined });
  });

  it('is put behind the conversation, which stays as it is', () => {
    const request = Object.freeze({ messages: Object.freeze([{ role: 'user' as const, content: 'Hi' }]) });
    const next = continuing(request, pausedMessage(native));
    expect(next).toEqual({
      messages: [request.messages[0], pausedMessage(native)],
      container: 'container_1',
    });
    expect(continuing(request, undefined)).toBe(request);
  });

  it("does not replace the caller's own container", () => {
    const next = continuing({ messages: [], container: 'mine' }, pausedMessage(native));
    expect(next['container']).toBe('mine');
  });
});

describe('FIN-8: the reducer', () => {
  const paused = fixture('pause-turn');

  it('tells a pause where it may, last and in place of the finish', () => {
    const told = reduce(paused, { mayPause: true });
    expect(told.map(({ type }) => type)).not.toContain('finish');
    expect(told.at(-1)).toMatchObject({
      type: 'pause',
      message: { role: 'assistant', content: 'Searching. ' },
    });
  });

  it('and a finish where it may not', () => {
    expect(reduce(paused).at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: 'pause_turn' });
  });

  it('puts what came before in front of the native content, and counts citations from there', () => {
    const continued = { content, textLength: 17, container: undefined };
    const cited = reduce(fixture('web-search'), { continued });
    const plain = reduce(fixture('web-search'));
    const annotationsOf = (told: typeof cited) =>
      told.flatMap((event) => (event.type === 'annotations' ? event.annotations : []));
    expect(annotationsOf(cited).map((one) => one.url_citation.start_index)).toEqual(
      annotationsOf(plain).map((one) => one.url_citation.start_index + 17),
    );
    expect(annotationsOf(cited).length).toBeGreaterThan(0);
    const vendor = cited.findLast((event) => event.type === 'vendor');
    expect(Object(vendor).data.content.slice(0, 3)).toEqual(content);
  });

  it('a second pause holds both rounds', () => {
    const continued = { content, textLength: 17, container: undefined };
    const last = reduce(paused, { mayPause: true, continued }).at(-1);
    expect(last).toMatchObject({ type: 'pause', message: { content: 'Searching. Found.Searching. ' } });
  });
});
