import { describe, expect, it } from 'vitest';
import { cutShort, politeAnswer, subjectOf } from '../../../src/testing/upstream/small-talk.ts';

describe('politeAnswer', () => {
  it('quotes the question and names the wire', () => {
    expect(politeAnswer('How are you?', 'OpenAI')).toMatch(/^You said: “How are you\?” .*OpenAI's/);
  });

  it('quotes 60 characters of a long question', () => {
    expect(politeAnswer('x'.repeat(60), 'X')).toContain(`“${'x'.repeat(60)}”`);
    expect(politeAnswer('x'.repeat(61), 'X')).toContain(`“${'x'.repeat(60)}…”`);
  });
});

describe('subjectOf', () => {
  it.each([
    ['What is the weather in Paris today?', 'Paris'],
    ['what is it', 'it'],
    ['Wie ist das Wetter in Zürich', 'Zürich'],
    ['', 'example'],
    ['?!', 'example'],
  ])('%j is about %s', (question, subject) => {
    expect(subjectOf(question)).toBe(subject);
  });
});

describe('cutShort', () => {
  it.each<[string, readonly unknown[], unknown, object]>([
    ['one two', [], undefined, { text: 'one two' }],
    ['one two', ['three'], 100, { text: 'one two' }],
    ['one two', ['two', 'one'], 100, { text: '', stopReason: 'stop_sequence', stopSequence: 'one' }],
    ['one two', [7, null, ' two'], null, { text: 'one', stopReason: 'stop_sequence', stopSequence: ' two' }],
    ['one two three', [], 2, { text: 'one two ', stopReason: 'max_tokens' }],
    ['one two three', ['three'], 2, { text: 'one two ', stopReason: 'stop_sequence', stopSequence: 'three' }],
    ['one', [], 0, { text: '', stopReason: 'max_tokens' }],
  ])('%j, stops %j, %s tokens', (text, stops, maxTokens, expected) => {
    expect(cutShort(text, stops, maxTokens)).toEqual(expected);
  });
});
