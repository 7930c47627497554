import { describe, expect, it } from 'vitest';
import {
  isRepaired,
  type Repairs,
  repairedCap,
  withRepair,
} from '../../../src/providers/anthropic/repairs.ts';

const all: Repairs = { stripThinking: true, capOutput: true };
const overflow = 'input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease';
const failure = (message: string, status = 400) => ({ status, message, structured: true });

describe('withRepair', () => {
  const unfit = { reason: 'invalid_thinking_signature' };

  it('TH-16: offers to leave reasoning out', () => {
    expect(withRepair(unfit, failure('…'), all)).toEqual({ ...unfit, repair: { kind: 'strip_thinking' } });
  });

  it('REQ-39: offers what is left of the window', () => {
    const repair = { kind: 'cap_output', maxTokens: 10_000 };
    expect(withRepair({}, failure(overflow), all)).toEqual({ repair });
  });

  it.each([
    ['is already made, or has nothing to change', unfit, failure('…'), { capOutput: true }],
    ['would undo what the caller said', {}, failure(overflow), { stripThinking: true }],
    ['has no room', {}, failure('exceed context limit: 200000 + 64000 > 200000'), all],
    ['would make it longer', {}, failure('exceed context limit: 300000 + 64000 > 200000'), all],
    ['is for another status', {}, failure(overflow, 500), all],
    ['has no numbers', {}, failure('exceed context limit: many + more > all'), all],
    ['is for another mistake', { reason: 'unsupported_parameter' }, failure('temperature: no'), all],
  ])('offers nothing that %s', (_, finding, told, repairs) => {
    expect(withRepair(finding, told, repairs)).toEqual(finding);
  });
});

describe('what has been asked for', () => {
  const asked = [{ kind: 'cap_output', maxTokens: 10_000 }];

  it('is looked up by its kind', () => {
    expect(isRepaired(asked, 'cap_output')).toBe(true);
    expect(isRepaired(asked, 'strip_thinking')).toBe(false);
    expect(isRepaired(undefined, 'cap_output')).toBe(false);
  });

  it('caps the answer, or nothing does', () => {
    expect(repairedCap(asked)).toBe(10_000);
    expect(repairedCap([{ kind: 'strip_thinking' }])).toBe(Number.POSITIVE_INFINITY);
    expect(repairedCap(undefined)).toBe(Number.POSITIVE_INFINITY);
  });
});
