import { describe, expect, it } from 'vitest';
import { readHead } from '../../../../src/providers/openai-compatible/decode/answer-head.ts';

const defaults = { id: 'chatcmpl-ours', model: 'asked', created: 1_700_000_000 };
const head = (chunk: Readonly<Record<string, unknown>>, hasChoices = true) =>
  readHead(chunk, hasChoices, defaults);

describe('the head of an answer', () => {
  it('RES-2: is what the host says', () => {
    const said = { id: 'chatcmpl-AbCdEf0123456789', model: 'served', created: 1_750_000_000 };
    expect(head(said)).toEqual({ type: 'start', ...said });
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['no text', 7],
    ['Ollama numbers answers from 0 to 998', 'chatcmpl-123'],
    ['the same for all answers', 'chatcmpl-abc'],
    ['a plain word', 'response'],
  ])('RES-2: has an id of ours where the host has none that is unique: %s', (_, id) => {
    expect(head({ id })?.id).toBe('chatcmpl-ours');
  });

  it.each([
    ['OpenAI', 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3oOZcK8NyGC'],
    ['Groq', 'chatcmpl-6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
    ['Mistral', 'cmpl-e5cc70bb28c444948073e77776eb30ef'],
    ['Mistral, today', 'e5cc70bb28c444948073e77776eb30ef'],
    ['OpenRouter', 'gen-1767795039-AbCdEfGhIjKlMnOpQrSt'],
    ['Gemini', 'e8Z3aO7kOpqFm9IPgPCJoAY'],
    ['DeepSeek', '930c60df-bf64-41c9-a88e-3ec75f81e00e'],
  ])('RES-2: keeps an id of %s', (_, id) => {
    expect(head({ id })?.id).toBe(id);
  });

  it('waits for a chunk that has one, as Azure begins with one that has not', () => {
    expect(head({ id: '', model: '', choices: [], prompt_filter_results: [] }, false)).toBeUndefined();
    expect(head({ id: 'chatcmpl-AbCdEf0123456789' }, false)?.id).toBe('chatcmpl-AbCdEf0123456789');
  });

  it.each([undefined, '', null, 3])('names the model that was asked for where the host says %j', (model) => {
    expect(head({ model })?.model).toBe('asked');
  });

  it.each([
    [1_750_000_000, 1_750_000_000],
    [1_750_000_000.7, 1_750_000_000],
    [1_750_000_000_123, 1_750_000_000],
    [0, 1_700_000_000],
    [-5, 1_700_000_000],
    [Number.NaN, 1_700_000_000],
    ['2026', 1_700_000_000],
    [undefined, 1_700_000_000],
  ])('was created at %j: %d in seconds', (created, seconds) => {
    expect(head({ created })?.created).toBe(seconds);
  });
});
