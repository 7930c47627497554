import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../src/chat/normalize.ts';

const messages = [{ role: 'user', content: 'hi' }];

describe('normalize', () => {
  it('takes null and undefined at the top level for absent (REQ-38)', () => {
    const request = { messages, temperature: null, stop: undefined, top_p: 0, user: '', tools: [], n: null };
    expect(normalize(request, false)).toStrictEqual({
      messages,
      top_p: 0,
      user: '',
      tools: [],
      stream: false,
    });
  });

  it('leaves null below the top level, where it may mean something', () => {
    const inner = [{ role: 'assistant', content: null, tool_calls: null }];
    expect(normalize({ messages: inner, metadata: { a: null } }, false)).toMatchObject({
      messages: inner,
      metadata: { a: null },
    });
  });

  it.each([
    [undefined, true],
    [false, true],
    [null, true],
    [true, false],
    [undefined, false],
  ])('says what the method promises: stream %s in a call for %s (REQ-11)', (said, promised) => {
    expect(normalize({ messages, stream: said }, promised).stream).toBe(promised);
  });

  it('drops nothing that a provider could read', () => {
    const extensions = { thinking: { type: 'enabled' }, top_k: 4, future_field: [1], cache_control: {} };
    expect(normalize({ messages, ...extensions }, true)).toEqual({ messages, ...extensions, stream: true });
  });

  it('does not change its argument', () => {
    const request = Object.freeze({ messages, temperature: null });
    normalize(request, true);
    expect(request).toEqual({ messages, temperature: null });
  });

  it('keeps a top-level `__proto__` a key that nobody inherits from (I1)', () => {
    const request = JSON.parse('{"messages":[],"__proto__":{"tools":[{"type":"function"}],"polluted":true}}');
    const canonical = normalize(request, false);
    expect(canonical.tools).toBeUndefined();
    expect(canonical['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(canonical)).toBe(Object.prototype);
    expect(Object.keys(canonical)).toContain('__proto__');
  });

  it('is idempotent, for any request', () => {
    const anything = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('stream', 'tools', '__proto__')),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (request, stream) => {
        const once = normalize(request, stream);
        expect(normalize(once, stream)).toStrictEqual(once);
        expect(JSON.stringify(normalize(once, stream))).toBe(JSON.stringify(once));
      }),
      { numRuns: 200 },
    );
  });
});
