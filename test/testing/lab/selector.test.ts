import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector, selectorIn, selectorPath, stepsOf } from '../../../src/testing/lab/selector.ts';

describe('a selector', () => {
  it.each(['stall;ms=60;n=3', 'stall?ms=60&n=3', 'stall;ms=60&n=3', 'stall?n=3;ms=60'])(
    'reads %s as a name and two parameters',
    (text) => {
      const { name, params } = parseSelector(text);
      expect([name, params.number('ms', 1), params.number('n', 1)]).toEqual(['stall', 60, 3]);
    },
  );

  it('falls back where a parameter is missing, empty or no number', () => {
    const { params } = parseSelector('stall;ms=soon;n=');
    expect([params.number('ms', 7), params.number('at', 7), params.text('n', 'x')]).toEqual([7, 7, '']);
    expect(parseSelector('ok').params.text('mark', '[DONE]')).toBe('[DONE]');
  });

  it('may ask for ever', () => {
    expect(parseSelector('stall;ms=Infinity').params.number('ms', 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('has only parameters of its own', () => {
    expect(parseSelector('ok;__proto__=1').params.text('constructor', 'none')).toBe('none');
  });

  it('gives a sequence all that follows, parameters of its steps included', () => {
    const selector = parseSelector('seq;id=7;s=stall;ms=60|error-first?type=api_error|ok');
    expect(selector.params.text('id', '')).toBe('7');
    const steps = stepsOf(selector);
    expect(steps.map(({ name }) => name)).toEqual(['stall', 'error-first', 'ok']);
    expect(steps[0]?.params.number('ms', 0)).toBe(60);
    expect(steps[1]?.params.text('type', '')).toBe('api_error');
  });

  it('of a sequence without steps is well', () => {
    expect(stepsOf(parseSelector('seq')).map(({ name }) => name)).toEqual(['ok']);
  });

  it('survives a path, whatever stands in it (property)', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((rest) => `x${rest}`);
    fc.assert(
      fc.property(text, (selector) => {
        const url = new URL(`${selectorPath(selector)}/v1/messages`, 'http://lab');
        expect(selectorIn(url.pathname)?.text).toBe(selector);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['/v1/messages', '/lab', '/lab/', '/labs/x/v1'])('is not there in %s', (path) => {
    expect(selectorIn(path)).toBeUndefined();
  });

  it('is read as it stands where its encoding is broken', () => {
    expect(selectorIn('/lab/%zz/v1')).toEqual({ prefix: '/lab/%zz', text: '%zz' });
  });
});
