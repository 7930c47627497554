import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/provider-kit/index.ts';
import type { AnthropicOptions } from '../../../src/providers/anthropic/anthropic-options.ts';
import { ClaudeHost } from '../../../src/providers/anthropic/claude-host.ts';
import { encodeRequest } from '../../../src/providers/anthropic/encode/index.ts';
import { requireClaudeModel } from '../../../src/providers/anthropic/models/resolve-claude.ts';
import { ask } from '../../contexts.ts';
import { callOf } from './calls.ts';

const hostOf = (options: Partial<AnthropicOptions> = {}): ClaudeHost =>
  new ClaudeHost({ apiKey: 'sk-ant-test', ...options });

/** A request as it was translated, with native fields of the caller's. */
function encodedWith(host: ClaudeHost, fields: Readonly<Record<string, unknown>> = {}) {
  const model = requireClaudeModel('claude-haiku-4-5', host.name);
  return encodeRequest({ ...ask(), anthropic: fields }, model, host.encodeOptions(callOf()));
}

describe('the host', () => {
  it('is called `anthropic` unless it has another name, which its keys share', () => {
    expect([hostOf().name, hostOf().keyLabels]).toEqual(['anthropic', ['anthropic[0]']]);
    expect(hostOf({ name: 'eu', apiKey: ['a', 'b'] }).keyLabels).toEqual(['eu[0]', 'eu[1]']);
  });

  it.each([
    ['apiKey', { apiKey: '' }],
    ['baseURL', { baseURL: 'http://claude.example' }],
  ])('is not made without a good %s', (param, options) => {
    expect(() => hostOf({ name: 'eu', ...options })).toThrow(
      expect.objectContaining({ code: 'config_invalid', param, provider: 'eu' }),
    );
  });
});

describe('a client with credentials of its own', () => {
  const client = (): never => {
    throw new Error('not called');
  };
  const host = new ClaudeHost({ client });

  it('needs no key, and then none is said', async () => {
    expect(host.keyLabels).toBeUndefined();
    expect(await host.reveal({ key: 0 })).toBe('');
    expect(host.headers('')).toEqual({ 'anthropic-version': '2026-10-21', 'anthropic-beta': null });
  });

  it('is told the key of a call all the same', async () => {
    expect(await host.reveal({ key: 0, apiKey: new Secret('of-the-call') })).toBe('of-the-call');
  });

  it('may stand beside a key', async () => {
    const keyed = new ClaudeHost({ client, apiKey: ['a', 'b'] });
    expect(keyed.keyLabels).toEqual(['anthropic[0]', 'anthropic[1]']);
    expect(await keyed.reveal({ key: 1 })).toBe('b');
  });
});

describe('names of models that only this host has', () => {
  const host = hostOf({ modelIds: { 'claude-sonnet-4-5': 'us.sonnet', 'Claude-Opus-5.5': 'us.opus' } });

  it('stand for Anthropic’s ids, whichever alias they were given by', () => {
    expect(
      ['us.sonnet', 'us.opus', 'claude-haiku-5-5', 'us.haiku'].map((name) => host.modelOf(name)),
    ).toEqual(['claude-sonnet-4-5-20250929', 'claude-opus-5-5', 'claude-haiku-5-5', 'us.haiku']);
  });

  it('go into the translation by those ids', () => {
    expect(host.encodeOptions(callOf()).modelIds).toEqual({
      'claude-sonnet-4-5-20250929': 'us.sonnet',
      'claude-opus-5-5': 'us.opus',
    });
  });
});

describe('what decides a translation', () => {
  it('is the options of the provider and the way of the call', () => {
    const host = hostOf({ name: 'eu', exposeReasoning: true, prefill: 'convert' });
    expect(host.encodeOptions(callOf({ stream: false, strict: true, retiredModels: 'remap' }))).toMatchObject(
      {
        provider: 'eu',
        exposeReasoning: true,
        prefill: 'convert',
        stream: false,
        strict: true,
        retiredModels: 'remap',
      },
    );
  });

  it('is one object for each way, and never another call’s', () => {
    const host = hostOf();
    const ways = [true, false].flatMap((stream) =>
      [true, false].flatMap((strict) =>
        (['warn', 'reject', 'remap'] as const).map((retiredModels) =>
          callOf({ stream, strict, retiredModels }),
        ),
      ),
    );
    const options = ways.map((call) => host.encodeOptions(call));
    expect(new Set(options).size).toBe(ways.length);
    for (const [index, { stream, strict, retiredModels }] of ways.entries()) {
      expect(options[index]).toMatchObject({ stream, strict, retiredModels });
      expect(host.encodeOptions(callOf({ stream, strict, retiredModels }))).toBe(options[index]);
    }
  });
});

describe('headers', () => {
  it('T-1, T-4: are version and bearer; no beta is said with `null`, which keeps others out', () => {
    expect(hostOf().headers('the-key')).toEqual({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': null,
      authorization: 'Bearer the-key',
    });
  });

  it('T-9: name the betas that the translation needs, and its further headers', () => {
    const host = hostOf();
    const encoded = encodedWith(host, { betas: ['a-2026-01-01', 'b-2026-01-01'], workspace_id: 'wrk_1' });
    expect(host.headers('k', encoded)).toMatchObject({
      'anthropic-beta': 'a-2026-01-01,b-2026-01-01',
      'anthropic-workspace-id': 'wrk_1',
    });
  });

  it('are those of the options too, where they say nothing of that', () => {
    const host = hostOf({
      headers: { 'X-Team': 'blue', Authorization: 'Basic no' },
      apiVersion: '2023-06-01',
    });
    expect(host.headers('k', encodedWith(host))).toEqual({
      'x-team': 'blue',
      'anthropic-beta': null,
      'anthropic-version': '2023-06-01',
      authorization: 'Bearer k',
    });
  });

  it('are made anew for each call: nobody’s key stays', () => {
    const host = hostOf();
    const first = host.headers('one');
    host.headers('two');
    expect(first['authorization']).toBe('Bearer one');
  });
});

describe('secrets', () => {
  it('are the key of the call, and what the headers of the options hold', () => {
    expect(hostOf().secrets('the-key')).toEqual(['the-key']);
    const headers = { 'X-Proxy-Token': 'token-of-a-proxy', 'x-team': 'blue' };
    expect(hostOf({ headers }).secrets('the-key')).toEqual(['the-key', 'token-of-a-proxy', 'blue']);
  });
});
