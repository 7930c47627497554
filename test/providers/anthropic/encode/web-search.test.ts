import { describe, expect, it } from 'vitest';
import { encode, tool, warningsOf, wireTool } from './encoding.ts';

const search = (options: unknown, tools: readonly unknown[] = []): unknown =>
  encode({ web_search_options: options, tools }).body.tools;
const SEARCH = { type: 'web_search_20250305', name: 'web_search' };

describe('web_search_options', () => {
  it.each([
    [{}, 5],
    [{ search_context_size: 'low' }, 1],
    [{ search_context_size: 'medium' }, 5],
    [{ search_context_size: 'high' }, 10],
  ])('REQ-33 TL-15 is a server tool: %j', (options, uses) => {
    expect(search(options)).toEqual([{ ...SEARCH, max_uses: uses }]);
  });

  it('TL-15 comes after the caller’s tools', () => {
    expect(search({}, [tool('a')])).toEqual([wireTool('a'), { ...SEARCH, max_uses: 5 }]);
  });

  it('TL-15 knows where the user is, one level less deep', () => {
    const approximate = { city: 'Ulm', country: 'DE', region: 'BW', timezone: 'Europe/Berlin', zip: '89073' };
    expect(search({ user_location: { type: 'approximate', approximate } })).toEqual([
      {
        ...SEARCH,
        max_uses: 5,
        user_location: {
          type: 'approximate',
          city: 'Ulm',
          country: 'DE',
          region: 'BW',
          timezone: 'Europe/Berlin',
        },
      },
    ]);
    expect(search({ user_location: { type: 'approximate', approximate: {} } })).toEqual([
      { ...SEARCH, max_uses: 5 },
    ]);
  });

  it('TL-15 gives way to the caller’s own search tool', () => {
    const own = { type: 'web_search_20260318', name: 'web_search', max_uses: 2 };
    expect(search({}, [own])).toEqual([own]);
  });

  it('TL-15 is dropped with a warning where the model has no server tools', () => {
    const encoded = encode({ web_search_options: {} }, { model: 'claude-3-haiku' });
    expect(encoded.body.tools).toBeUndefined();
    expect(warningsOf(encoded)).toContain('unsupported_parameter web_search_options');
  });
});
