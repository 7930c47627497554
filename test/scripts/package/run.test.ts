import { afterEach, describe, expect, it, vi } from 'vitest';
import { capture, step } from '../../../scripts/package/run.ts';

afterEach(() => vi.restoreAllMocks());

const node = (code: string): string => capture(process.execPath, ['-e', code]);

describe('capture', () => {
  it('gives the standard output', () => {
    expect(node("process.stdout.write('said')")).toBe('said');
  });

  it('throws with everything that was said, so that a failure in CI can be read', () => {
    const code = "console.log('on one'); console.error('on two'); process.exit(3)";
    expect(() => node(code)).toThrow(/failed\non one\non two/);
  });
});

describe('step', () => {
  it('names the step before the error goes on', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    expect(step('adding', () => 1 + 1)).toBe(2);
    expect(() =>
      step('breaking', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(log.mock.calls.map(([line]) => String(line).replace(/ \(.*/, ''))).toEqual([
      'ok    adding',
      'FAIL  breaking',
    ]);
  });
});
