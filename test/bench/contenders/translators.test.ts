import { describe, expect, it } from 'vitest';
import { floor } from '../../../bench/contenders/floor.ts';
import { toAnthropic, toOpenAI } from '../../../bench/contenders/translators.ts';
import { LAST_WORDS } from '../../../bench/history.ts';

describe('the contenders of a translation', () => {
  it.each([
    ['floor', floor],
    ['to-anthropic', toAnthropic],
    ['to-openai', toOpenAI],
  ])('%s brings all of the conversation to its end', async (_, make) => {
    const contender = await make('http://127.0.0.1:0');
    expect(await contender.translate?.()).toBe(LAST_WORDS);
  });
});
