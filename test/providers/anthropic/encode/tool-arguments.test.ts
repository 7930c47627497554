import { describe, expect, it } from 'vitest';
import { parseToolInput } from '../../../../src/providers/anthropic/encode/tool-arguments.ts';

describe('parseToolInput', () => {
  it.each(['', '  \n', 'null', ' null '])('TL-H2 takes %j for no arguments', (raw) => {
    expect(parseToolInput(raw)).toEqual({ input: {}, valid: true });
  });

  it('TL-H2 TL-H5 BUG-51 gives an object, in the order of its keys', () => {
    const { input, valid } = parseToolInput('{"b":1,"a":{"c":[1]}}');
    expect(valid).toBe(true);
    expect(JSON.stringify(input)).toBe('{"b":1,"a":{"c":[1]}}');
  });

  it('TL-H3 BUG-49 decodes what was encoded twice', () => {
    expect(parseToolInput(JSON.stringify('{"a":1}'))).toEqual({ input: { a: 1 }, valid: true });
  });

  it.each(['[1,2]', '7', '"text"', '"[1]"', '{"a":', 'true', '{a:1}'])(
    'TL-H4 BUG-50 wraps %j and does not throw',
    (raw) => {
      expect(parseToolInput(raw)).toEqual({ input: { _invalid_arguments: raw }, valid: false });
    },
  );

  it('TL-H4 wraps what is nested too deep to be walked safely', () => {
    const raw = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(parseToolInput(raw).valid).toBe(false);
  });

  it('takes long arguments that are not deep', () => {
    const long = { text: 'x'.repeat(10_000), list: Array.from({ length: 1000 }, () => ({ a: [] })) };
    expect(parseToolInput(JSON.stringify(long))).toEqual({ input: long, valid: true });
  });

  it('TL-H5 loses digits beyond 2^53 and nothing else', () => {
    expect(parseToolInput('{"n":9007199254740993}').input).toEqual({ n: 9007199254740992 });
  });

  it('keeps keys that name a prototype as data', () => {
    expect(Object.keys(parseToolInput('{"__proto__":1}').input)).toEqual(['__proto__']);
  });
});
