import { describe, expect, it } from 'vitest';
import { duration, money, Stage } from '../../examples/demo/stage.ts';

function staged(colour = false): { stage: Stage; text: () => string } {
  let written = '';
  const stage = new Stage({ write: (text) => (written += text) }, colour);
  return { stage, text: () => written };
}

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

describe('Stage', () => {
  it('writes lines, indented, and empty ones without trailing space', () => {
    const { stage, text } = staged();
    stage.line('one');
    stage.line();
    expect(text()).toBe('     one\n\n');
  });

  it('paints only where colour is allowed', () => {
    expect(staged(false).stage.paint('red', 'x')).toBe('x');
    expect(staged(true).stage.paint('red', 'x')).not.toBe('x');
    expect(staged(true).stage.paint('red', 'x')).toContain('x');
  });

  it('numbers its scenes', async () => {
    const { stage, text } = staged();
    await stage.scene('First', 'about it');
    await stage.scene('Second', 'about that');
    expect(text()).toMatch(/ {2}1 {2}First · about it\n {2}─{76}\n\n {2}2 {2}Second · about that\n/);
  });
});

describe('Stage.flow', () => {
  const flow = async (...texts: string[]): Promise<string[]> => {
    const { stage, text } = staged();
    await stage.flow(pieces(...texts));
    return text().split('\n');
  };

  it('sets text off by a bar', async () => {
    expect(await flow('Hello', ' there')).toEqual(['     │ Hello there', '']);
  });

  it('wraps between words, however the pieces were cut', async () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`);
    const whole = await flow(words.join(' '));
    const cut = await flow(...[...words.join(' ')]);
    expect(cut).toEqual(whole);
    expect(whole.length).toBeGreaterThan(5);
    for (const line of whole) expect([...line].length).toBeLessThanOrEqual(80);
    expect(
      whole
        .map((line) => line.slice(7))
        .join(' ')
        .trim(),
    ).toBe(words.join(' '));
  });

  it('reads line breaks as spaces', async () => {
    expect(await flow('one\ntwo')).toEqual(['     │ one two', '']);
  });

  it('shows a word as soon as the next begins', async () => {
    const { stage, text } = staged();
    const seen: string[] = [];
    await stage.flow(
      (async function* () {
        yield 'one';
        seen.push(text());
        yield ' two';
        seen.push(text());
      })(),
    );
    expect(seen).toEqual(['', '     │ one']);
  });

  it('leaves no space at the end', async () => {
    expect(await flow('one ', 'two \n')).toEqual(['     │ one two', '']);
  });

  it('is an empty line for an empty answer', async () => {
    expect(await flow()).toEqual(['', '']);
  });
});

describe('duration and money', () => {
  it.each([
    [0, '0 ms'],
    [43.4, '43 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [1_250, '1.3 s'],
    [undefined, '–'],
  ])('%s ms is %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it('never calls an unknown cost 0', () => {
    expect(money(0.000422)).toBe('$0.000422');
    expect(money(undefined)).toBe('unknown');
  });
});
