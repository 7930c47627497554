import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ChatCompletion, type ChatCompletionChunk, ProviderPool } from 'runestone';
import {
  openaiCompatible,
  type PresetName,
  preset,
  presetNames,
} from 'runestone/providers/openai-compatible';
import { type RawReply, reply, type Split, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { foldChunks } from '../chat/fold-chunks.ts';
import { collect, failureOf } from '../contexts.ts';
import { broken, complete, hostOf, refused, type Said } from './dialects.ts';
import { around, question, type Stand } from './lab.ts';
import { jsonHeaders } from './recording.ts';

const folder = 'test/fixtures/dialects';
const read = (file: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${file}`));

/** The bytes of a fixture under whatever path the host has them. */
const recorded = (file: string, split: Split = 'once'): RawReply => reply.raw(read(`${file}.sse`), { split });
const whole = (file: string): RawReply => reply.raw(read(`${file}.json`), { headers: jsonHeaders });

/** A pool with one host, which answers as the fixture has it. */
async function host(name: PresetName): Promise<Stand> {
  const upstream = await startUpstream();
  const provider = openaiCompatible(preset(name, { apiKey: 'sk-canary', baseURL: `${upstream.url}/v1` }));
  return around(upstream, { providers: [provider], retry: false });
}

const withUsage = { stream_options: { include_usage: true } };
const asked = (name: PresetName, more: object = {}) =>
  question('Hi', { model: `${name}/some-model`, ...more });

/** What an answer says, in the form of the table. */
function saidBy({ choices: [choice], usage }: ChatCompletion, name: PresetName): Said {
  const message = choice?.message;
  const calls = message?.tool_calls?.map((call) =>
    call.type === 'function' ? ([call.function.name, call.function.arguments] as const) : (['', ''] as const),
  );
  const own = message?.provider_specific_fields?.[name] as Record<string, unknown> | undefined;
  return {
    content: message?.content ?? null,
    finish: choice?.finish_reason as Said['finish'],
    usage: usage && [usage.prompt_tokens, usage.completion_tokens],
    ...(message?.reasoning_content !== undefined && { reasoning: message.reasoning_content }),
    ...(message?.refusal && { refusal: message.refusal }),
    ...(calls && { calls, ids: message?.tool_calls?.map(({ id }) => id) ?? [] }),
    ...(own && { own }),
  };
}

/** The promises that hold for every stream of the pool, whatever the host sent (issue 3, canonical output). */
function expectCanonical(chunks: readonly ChatCompletionChunk[], usageAsked: boolean): void {
  const [first] = chunks;
  // One answer: the same id, model and moment in every chunk (V17).
  expect(new Set(chunks.map(({ id, model, created }) => `${id} ${model} ${created}`)).size).toBe(1);
  expect(first?.id).not.toBe('');
  // The role once, first of all (STR-3).
  expect(chunks.map(({ choices }) => choices[0]?.delta.role).filter(Boolean)).toEqual(['assistant']);
  expect(first?.choices[0]?.delta.role).toBe('assistant');
  expectCanonicalCalls(chunks);
  // One end, behind which there is only the usage (STR-14, STR-15).
  const ends = chunks.filter(({ choices }) => choices[0]?.finish_reason);
  expect(ends).toHaveLength(1);
  const behind = chunks.slice(chunks.indexOf(ends[0] as ChatCompletionChunk) + 1);
  expect(behind.every((chunk) => chunk.choices.length === 0 && 'usage' in chunk)).toBe(true);
  expect(behind.length).toBeLessThanOrEqual(1);
  if (!usageAsked) expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
}

/** Dense indexes, each begun once with an id of its own and a name, then arguments alone (STR-11, STR-12). */
function expectCanonicalCalls(chunks: readonly ChatCompletionChunk[]): void {
  const ids: string[] = [];
  for (const { choices } of chunks) {
    for (const call of choices[0]?.delta.tool_calls ?? []) {
      const begins = call.index === ids.length;
      expect(call.index).toBeLessThanOrEqual(ids.length);
      expect(call.id === undefined).toBe(!begins);
      expect(call.function?.name === undefined).toBe(!begins);
      if (begins) ids.push(call.id ?? '');
    }
  }
  expect(ids.every((id) => id !== '')).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
}

/** What a table row expects of an answer; ids the host did not give only have to be there and unlike. */
function expectSaid(answer: ChatCompletion, said: Said, name: PresetName): void {
  const { cached, reasoned, ids, own, ...plain } = said;
  const { ids: seenIds = [], own: seenOwn, ...seen } = saidBy(answer, name);
  expect(seen).toEqual(plain);
  if (ids) expect(seenIds).toEqual(ids);
  expect(new Set(seenIds.filter(Boolean)).size).toBe(said.calls?.length ?? 0);
  if (own) expect(seenOwn).toMatchObject(own);
  if (cached !== undefined) expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(cached);
  if (reasoned !== undefined) {
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBe(reasoned);
  }
  for (const [, args] of said.finish === 'length' ? [] : (said.calls ?? [])) JSON.parse(args);
}

/** An answer without what may differ between a stream and a whole: ids made here, times, and the host's own corner. */
function plainly(answer: ChatCompletion): unknown {
  const [choice] = answer.choices;
  const message = { ...choice?.message, provider_specific_fields: undefined };
  return { ...answer, id: '', created: 0, runestone: 0, choices: [{ ...choice, message }] };
}

describe.each(complete)('%s', (file, said) => {
  const name = hostOf(file);

  it('comes out canonical as a stream, with the usage that was asked for', async () => {
    await using it = await host(name);
    it.upstream.script(recorded(file));
    const stream = await it.pool.streamRequest(asked(name, withUsage));
    const chunks = await collect(stream);
    expectCanonical(chunks, true);
    const completion = await stream.completion();
    expectSaid(completion, said, name);
    // Parity: what a client folds is what the pool folds.
    expect({ ...Object(foldChunks(chunks)), runestone: 0 }).toEqual({ ...completion, runestone: 0 });
  });

  it('has no usage in the stream when none was asked for', async () => {
    await using it = await host(name);
    it.upstream.script(recorded(file));
    expectCanonical(await collect(await it.pool.streamRequest(asked(name))), false);
  });

  it('is the same in any split', async () => {
    await using it = await host(name);
    for (const split of [5, [1, 40, 2]] as const) {
      it.upstream.script(recorded(file, split));
      const stream = await it.pool.streamRequest(asked(name, withUsage));
      expectCanonical(await collect(stream), true);
      expectSaid(await stream.completion(), said, name);
    }
  });

  it('is the same for a caller who wants no stream', async () => {
    await using it = await host(name);
    it.upstream.script(recorded(file));
    expectSaid(await it.pool.request(asked(name, { max_completion_tokens: 100_000 })), said, name);
  });
});

describe.each(complete.filter(([file]) => existsSync(`${folder}/${file}.json`)))(
  '%s, whole',
  (file, said) => {
    const name = hostOf(file);

    it('says the same as its stream', async () => {
      await using it = await host(name);
      it.upstream.script(recorded(file), whole(file));
      const stream = await it.pool.streamRequest(asked(name, withUsage));
      await collect(stream);
      const folded = await stream.completion();
      const answer = await it.pool.request(asked(name));
      expect(it.upstream.requests.map(({ body }) => Object(body).stream)).toEqual([true, undefined]);
      expectSaid(answer, said, name);
      expect(plainly(answer)).toEqual(plainly(folded));
    });
  },
);

describe.each(broken)('%s', (file, code, partial) => {
  const name = hostOf(file);

  it(`is a failure with the code ${code}, and never an end (ERR-54, STR-20)`, async () => {
    await using it = await host(name);
    it.upstream.script(recorded(file, 'once'));
    const error = await failureOf(
      (async () => collect(await it.pool.streamRequest(asked(name, withUsage))))(),
    );
    expect(error).toMatchObject({ code, provider: name, committed: partial !== undefined });
    expect(JSON.stringify(Object(error).partial ?? null)).toContain(partial ?? 'null');
  });
});

describe.each(refused)('%s', (file, code) => {
  const name = hostOf(file);
  const status = Number(/-(\d{3})-/.exec(file)?.[1]);

  it(`is a ${code}, streamed or not (ERR-40 to ERR-53, ERR-60)`, async () => {
    await using it = await host(name);
    const body: unknown = JSON.parse(readFileSync(`${folder}/errors/${file}.json`, 'utf8'));
    it.upstream.script(reply.status(status, { body }), reply.status(status, { body }));
    for (const act of [it.pool.request(asked(name)), it.pool.streamRequest(asked(name))]) {
      expect(await failureOf(act)).toMatchObject({ code, status, provider: name, committed: false });
    }
  });
});

describe('the fixtures', () => {
  const files = readdirSync(folder).filter((file) => file !== 'errors');

  it('are all in the table', () => {
    const named = [...complete, ...broken].map(([file]) => file);
    const streams = files.filter((file) => file.endsWith('.sse')).map((file) => file.slice(0, -4));
    expect(streams.sort()).toEqual([...named].sort());
    const answers = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5));
    expect(answers.filter((file) => !named.includes(file))).toEqual([]);
  });

  it('are in the table where they are refusals, too', () => {
    const bodies = readdirSync(`${folder}/errors`).map((file) => file.slice(0, -5));
    expect(bodies.sort()).toEqual(refused.map(([file]) => file).sort());
  });

  it('speak for every host that is known by name', () => {
    expect([...new Set(files.map(hostOf))].sort()).toEqual([...presetNames].sort());
  });
});

it('a request of the plainest kind is one that OpenAI takes, in every dialect', async () => {
  await using upstream = await startUpstream();
  for (const name of presetNames) {
    const provider = openaiCompatible(preset(name, { apiKey: 'k', baseURL: `${upstream.url}/v1` }));
    const pool = new ProviderPool({ providers: [provider], retry: false });
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object' } } }];
    const stream = await pool.streamRequest(asked(name, { tools, tool_choice: 'auto' }));
    expect(await stream.completion()).toBeDefined();
    await pool.close();
  }
  expect(upstream.requests.map(({ status }) => status)).toEqual(presetNames.map(() => 200));
});
