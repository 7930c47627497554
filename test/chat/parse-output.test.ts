import { inspect } from 'node:util';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ChatCompletion } from '../../src/chat/completion.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import { parseOutput } from '../../src/chat/parse-output.ts';
import type { StandardSchema } from '../../src/chat/standard-schema.ts';
import { InvalidOutputError } from '../../src/errors/index.ts';
import { failureOf } from '../contexts.ts';
import { args, call, completionOf, refusal, stop, text } from './answers.ts';
import { anything, schemaBy } from './schemas.ts';

const Person = z.object({ name: z.string(), age: z.int() });

/** What `parsed` is after the reading; the message must have it. */
async function parsedOf(events: readonly ChatEvent[], schema: StandardSchema = Person): Promise<unknown> {
  const completion = completionOf([events]);
  await parseOutput(completion, schema, 'person');
  const [choice] = completion.choices;
  expect(choice?.message).toHaveProperty('parsed');
  return Object(choice?.message).parsed;
}

async function errorOf(said: string, schema: StandardSchema = Person): Promise<InvalidOutputError> {
  const error = await failureOf(parseOutput(completionOf([[text(said), stop()]]), schema, 'person'));
  if (error instanceof InvalidOutputError) return error;
  throw error;
}

describe('a complete answer', () => {
  it('is parsed and read by its schema', async () => {
    expect(await parsedOf([text('{"name":"Ada",'), text('"age":36}'), stop()])).toEqual({
      name: 'Ada',
      age: 36,
    });
  });

  it('is what the schema makes of it', async () => {
    const schema = z.object({
      day: z.string().transform((day) => new Date(day)),
      unit: z.string().default('km'),
    });
    const day = new Date('2026-11-25');
    expect(await parsedOf([text('{"day":"2026-11-25"}'), stop()], schema)).toEqual({ day, unit: 'km' });
    const valibot = v.object({ n: v.pipe(v.string(), v.transform(Number)) });
    expect(await parsedOf([text('{"n":"7"}'), stop()], valibot)).toEqual({ n: 7 });
  });

  it('is waited for by a schema that takes its time', async () => {
    const slow = schemaBy(async (value) => ({ value: [await Promise.resolve(value)] }));
    expect(await parsedOf([text('1'), stop()], slow)).toEqual([1]);
    const refined = z.string().refine(async (said) => said === 'yes');
    expect(await parsedOf([text('"yes"'), stop()], refined)).toBe('yes');
    expect(await errorOf('"no"', refined)).toMatchObject({ reason: 'schema_mismatch' });
  });

  it.each(['null', '0', 'false', '""', ' [1]\n'])('may be %j', async (said) => {
    expect(await parsedOf([text(said), stop()], anything)).toEqual(JSON.parse(said));
  });

  it('can be sent back: `parsed` is there, but not in what is copied and written', async () => {
    const completion = completionOf([[text('{"name":"Ada","age":36}'), stop()]]);
    const before = JSON.stringify(completion);
    await parseOutput(completion, Person, 'person');
    expect(JSON.stringify(completion)).toBe(before);
    expect({ ...completion.choices[0]?.message }).not.toHaveProperty('parsed');
  });
});

describe('an answer that is none (RF-11)', () => {
  const whole = text('{"name":"Ada","age":36}');

  it.each<[string, readonly ChatEvent[]]>([
    ['was cut in the middle', [text('{"name":"Ad'), stop('length')]],
    ['was cut just after its end', [whole, stop('length')]],
    ['was filtered', [text('{"na'), stop('content_filter')]],
    ['was refused', [refusal('No.'), stop('content_filter')]],
    ['was refused, whatever the finish', [refusal('No.'), stop('stop')]],
    ['calls a tool', [call(0), args(0, '{}'), stop('tool_calls')]],
    ['says something and calls a tool', [text('Let me look.'), call(0), stop('tool_calls')]],
  ])('because it %s has null for `parsed`, and is not repaired', async (_, events) => {
    const unasked = schemaBy(() => expect.unreachable('was asked'));
    expect(await parsedOf(events, unasked)).toBeNull();
  });
});

describe('an answer that is wrong', () => {
  it.each([
    '',
    ' ',
    '{"name":"Ad',
    'Here it is: {}',
    '```json\n{}\n```',
    '{} {}',
    "{'name': 1}",
    'undefined',
  ])('is not JSON: %j', async (said) => {
    const error = await errorOf(said, anything);
    expect(error).toMatchObject({
      code: 'invalid_output',
      reason: 'invalid_json',
      provider: 'acme',
      issues: [],
    });
    expect(error.cause).toBeUndefined();
    expect(error.message).toBe('acme: the answer is not JSON; see `partial` (schema "person")');
  });

  it('tells what its schema found, with plain paths', async () => {
    const error = await errorOf('{"name":1,"age":1.5}');
    expect(error).toMatchObject({ reason: 'schema_mismatch', model: 'asked-model' });
    expect(error.issues).toEqual([
      { message: expect.any(String), path: ['name'] },
      { message: expect.any(String), path: ['age'] },
    ]);
    expect(error.message).toContain('in 2 places');
    const nested = v.object({ list: v.array(v.string()) });
    expect((await errorOf('{"list":["a",2]}', nested)).issues).toMatchObject([{ path: ['list', 1] }]);
    const rootless = schemaBy(() => ({ issues: [{ message: 'no' }] }));
    const root = await errorOf('1', rootless);
    expect(root.issues).toEqual([{ message: 'no', path: [] }]);
    expect(root.message).toContain('in 1 place;');
  });

  it('is never quoted where it could be printed', async () => {
    // Valibot's messages quote the value, and keys of a map are the model's words.
    const said = '{"canary-key":"canary-value"}';
    const schema = v.record(v.string(), v.number());
    for (const error of [await errorOf(said, schema), await errorOf(`${said}!`, schema)]) {
      const shown = [error.message, error.stack, inspect(error, { depth: 10 }), JSON.stringify(error)].join();
      expect(shown).not.toContain('canary');
    }
    expect(JSON.stringify((await errorOf(said, schema)).issues)).toContain('canary-value');
  });

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('a bug');
      },
    ],
    ['rejects', () => Promise.reject(new RangeError('a bug'))],
  ])('cannot be told when the schema’s own code %s', async (_, validate) => {
    const error = await errorOf('1', schemaBy(validate));
    expect(error).toMatchObject({ reason: 'validator_failed', issues: [] });
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  it('leaves the completion without `parsed`', async () => {
    const completion: ChatCompletion = completionOf([[text('?'), stop()]]);
    await failureOf(parseOutput(completion, Person, 'person'));
    expect(completion.choices[0]?.message).not.toHaveProperty('parsed');
  });
});
