import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import { type FromEnvOptions, optionsFromEnv } from '../../src/pool/from-env.ts';
import { toSettings } from '../../src/pool/settings.ts';

/** Where a provider sends its check, and with which key. */
async function checked(options: FromEnvOptions): Promise<{ url: string; key: string | null }> {
  const sent: { url: string; key: string | null }[] = [];
  const answering = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, key: new Headers(init.headers).get('authorization') });
    return Response.json({ data: [] });
  };
  const [provider] = optionsFromEnv({
    ...options,
    providers: { anthropic: { fetch: answering, ...options.providers?.anthropic } },
  }).providers;
  await provider?.check?.({ signal: new AbortController().signal, key: 0, connectMs: 1_000 });
  const [first] = sent;
  if (!first) throw new Error('nothing was sent');
  return first;
}

const env = { ANTHROPIC_API_KEY: 'sk-ant-test' };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('optionsFromEnv', () => {
  it('makes a provider of the key that is there', () => {
    const { providers } = optionsFromEnv({ env });
    expect(providers).toMatchObject([{ name: 'anthropic', module: 'anthropic', keys: ['anthropic[0]'] }]);
  });

  it.each([
    ['nothing is set', {}],
    ['it is empty', { ANTHROPIC_API_KEY: '' }],
    ['it is blank', { ANTHROPIC_API_KEY: ' \n' }],
    ['it is undefined', { ANTHROPIC_API_KEY: undefined }],
    ['another is set', { ANTHROPIC_KEY: 'sk-ant-test' }],
  ])('says which variable it looked for when %s', (_, env) => {
    const act = () => optionsFromEnv({ env });
    expect(act).toThrow(ConfigError);
    expect(act).toThrow('no provider key is in the environment; set one of: ANTHROPIC_API_KEY');
  });

  it('looks for the variable that was named instead, and for that alone', () => {
    const providers = { anthropic: { apiKeyEnv: 'CLAUDE_KEY' } };
    expect(() => optionsFromEnv({ env, providers })).toThrow('set one of: CLAUDE_KEY');
    expect(optionsFromEnv({ env: { CLAUDE_KEY: 'sk-ant-test' }, providers }).providers).toHaveLength(1);
  });

  it('reads the environment of the process unless given another', () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-process');
    expect(optionsFromEnv({}).providers).toHaveLength(1);
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    expect(() => optionsFromEnv({})).toThrow(ConfigError);
  });

  it('sends the key without the blanks around it', async () => {
    const { key } = await checked({ env: { ANTHROPIC_API_KEY: ' sk-ant-test\n' } });
    expect(key).toBe('Bearer sk-ant-test');
  });

  it.each([
    ['the vendor’s own', {}, undefined, 'https://api.anthropic.com/v1/models?limit=1'],
    [
      'that of the environment',
      { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/' },
      undefined,
      'http://127.0.0.1:9/v1/models?limit=1',
    ],
    [
      'none for an empty variable',
      { ANTHROPIC_BASE_URL: '' },
      undefined,
      'https://api.anthropic.com/v1/models?limit=1',
    ],
    [
      'that of the options before all',
      { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
      'https://proxy.example/v1',
      'https://proxy.example/v1/models?limit=1',
    ],
  ])('sends it to one host: %s', async (_, more, baseURL, url) => {
    const providers = baseURL === undefined ? {} : { anthropic: { baseURL } };
    expect((await checked({ env: { ...env, ...more }, providers })).url).toBe(url);
  });

  it('passes on what is said of a provider', () => {
    const providers = { anthropic: { name: 'claude', defaultModel: 'claude-haiku-5-5' } };
    expect(optionsFromEnv({ env, providers }).providers).toMatchObject([
      { name: 'claude', defaultModel: 'claude-haiku-5-5' },
    ]);
  });

  it('passes on what is said of the pool, and nothing of its own', () => {
    const models = { fast: ['anthropic/claude-haiku-5-5'] };
    const options = optionsFromEnv({ env, models, strict: true, retry: false });
    expect(options).toEqual({ providers: options.providers, models, strict: true, retry: false });
    expect(() => toSettings(options)).not.toThrow();
  });

  it('leaves unknown options to be complained about', () => {
    const options: FromEnvOptions = Object.assign({ env }, { retires: 3 });
    expect(() => toSettings(optionsFromEnv(options))).toThrow('retires: no such option');
  });

  it('keeps the key where nobody sees it', () => {
    const options = optionsFromEnv({ env: { ANTHROPIC_API_KEY: 'sk-ant-canary' } });
    expect(inspect(options, { depth: 10, showHidden: true }) + JSON.stringify(options)).not.toContain(
      'canary',
    );
  });
});
