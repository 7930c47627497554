import { describe, expect, it } from 'vitest';
import { answerOn } from '../../../scripts/load/wires.ts';

describe.each(['openai', 'anthropic'] as const)('an answer on the wire of %s', (wire) => {
  const words = ['one', ' two'];

  it('is a whole in two parts, of which the first says nothing of an end', () => {
    const { begin, rest } = answerOn(wire, true, words);
    expect(begin).toContain('one');
    expect(begin).not.toMatch(/"finish_reason":"|end_turn|message_stop|\[DONE\]/);
    expect(rest).toContain(wire === 'openai' ? '"finish_reason":"stop"' : 'end_turn');
    expect(rest).toContain(wire === 'openai' ? '[DONE]' : 'message_stop');
  });

  it('is JSON where no stream was wanted', () => {
    const { begin, rest } = answerOn(wire, false, words);
    expect(JSON.stringify(JSON.parse(begin + rest))).toContain('one two');
    expect(() => JSON.parse(begin)).toThrow();
  });
});
