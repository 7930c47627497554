import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import { type FromEnvOptions, optionsFromEnv } from '../../src/pool/from-env.ts';
import { toSettings } from '../../src/pool/settings.ts';
import { presetNames } from '../../src/providers/openai-compatible/index.ts';
import { presets } from '../../src/providers/openai-compatible/presets/data.ts';

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
    const names = () => optionsFromEnv({}).providers.map(({ name }) => name);
    vi.stubEnv('XAI_API_KEY', 'xai-process');
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-process');
    expect(names()).toEqual(expect.arrayContaining(['anthropic', 'xai']));
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    expect(names()).not.toContain('anthropic');
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
    const options = optionsFromEnv({
      env: { ANTHROPIC_API_KEY: 'sk-ant-canary', OPENAI_API_KEY: 'sk-canary', GROQ_API_KEY: 'gsk-canary' },
    });
    expect(options.providers).toHaveLength(3);
    expect(inspect(options, { depth: 10, showHidden: true }) + JSON.stringify(options)).not.toContain(
      'canary',
    );
  });
});

describe('other hosts', () => {
  const keys = {
    ANTHROPIC_API_KEY: 'k',
    OPENAI_API_KEY: 'k',
    AZURE_OPENAI_API_KEY: 'k',
    AZURE_OPENAI_ENDPOINT: 'https://mine.openai.azure.com',
    GROQ_API_KEY: 'k',
    MISTRAL_API_KEY: 'k',
    DEEPSEEK_API_KEY: 'k',
    XAI_API_KEY: 'k',
    TOGETHER_API_KEY: 'k',
    FIREWORKS_API_KEY: 'k',
    OPENROUTER_API_KEY: 'k',
    PERPLEXITY_API_KEY: 'k',
    COHERE_API_KEY: 'k',
    GEMINI_API_KEY: 'k',
    CEREBRAS_API_KEY: 'k',
    OLLAMA_HOST: '127.0.0.1',
    LMSTUDIO_BASE_URL: 'http://localhost:1234/v1',
    VLLM_BASE_URL: 'http://localhost:8000/v1',
  };
  const namesIn = (env: Record<string, string>) => optionsFromEnv({ env }).providers.map(({ name }) => name);

  it('are registered when their key is there, or the address of one that needs none', () => {
    expect(namesIn({ GROQ_API_KEY: 'k' })).toEqual(['groq']);
    expect(namesIn({ OLLAMA_HOST: 'localhost' })).toEqual(['ollama']);
    expect(namesIn({ OPENAI_API_KEY: 'k', MISTRAL_API_KEY: 'k' })).toEqual(['openai', 'mistral']);
  });

  it('come behind Claude, in the order of the documentation, whatever the order of the variables', () => {
    const names = ['anthropic', ...presetNames];
    expect(namesIn(keys)).toEqual(names);
    expect(namesIn(Object.fromEntries(Object.entries(keys).reverse()))).toEqual(names);
  });

  it('make a pool that is fit to be used', () => {
    expect(() => toSettings(optionsFromEnv({ env: keys }))).not.toThrow();
  });

  it('say of what kind they are, and which model they answer with unasked', () => {
    expect(optionsFromEnv({ env: { OPENAI_API_KEY: 'k', GROQ_API_KEY: 'k' } }).providers).toMatchObject([
      { name: 'openai', module: 'openai', keys: ['openai[0]'], defaultModel: presets.openai.defaultModel },
      {
        name: 'groq',
        module: 'openai-compatible',
        keys: ['groq[0]'],
        defaultModel: presets.groq.defaultModel,
      },
    ]);
  });

  it('take what is said of them', () => {
    const providers = {
      openai: { apiKeyEnv: 'MY_KEY', defaultModel: 'gpt-6-luna', name: 'gpt' },
      groq: { defaultModel: 'm', quirks: { stopLimit: 1 } },
      ollama: { baseURL: 'http://localhost:9', models: [{ id: 'llama' }] },
    };
    expect(optionsFromEnv({ env: { MY_KEY: 'k', GROQ_API_KEY: 'k' }, providers }).providers).toMatchObject([
      { name: 'gpt', defaultModel: 'gpt-6-luna' },
      { name: 'groq', defaultModel: 'm' },
      { name: 'ollama', models: [{ id: 'llama' }] },
    ]);
  });

  it('are told the key and nothing of another’s', async () => {
    const sent: { url: string; headers: Headers }[] = [];
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      sent.push({ url, headers: new Headers(init.headers) });
      return Response.json({ data: [] });
    };
    const { providers } = optionsFromEnv({
      env: {
        OPENAI_API_KEY: 'sk-openai',
        OPENAI_ORG_ID: 'org-1',
        OPENAI_PROJECT_ID: 'proj-1',
        XAI_API_KEY: 'sk-xai',
      },
      providers: { openai: { fetch }, xai: { fetch } },
    });
    const call = { signal: new AbortController().signal, key: 0, connectMs: 1_000 };
    for (const provider of providers) await provider.check?.(call);
    expect(sent.map(({ url }) => url)).toEqual([
      'https://api.openai.com/v1/models',
      'https://api.x.ai/v1/models',
    ]);
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer sk-openai',
      'Bearer sk-xai',
    ]);
    expect(sent.map(({ headers }) => headers.get('openai-organization'))).toEqual(['org-1', null]);
    expect(sent[0]?.headers.get('openai-project')).toBe('proj-1');
  });

  it('are looked for by all their names', () => {
    const message =
      /set one of: ANTHROPIC_API_KEY, OPENAI_API_KEY, .*GEMINI_API_KEY, GOOGLE_API_KEY, .*OLLAMA_HOST/;
    expect(() => optionsFromEnv({ env: {} })).toThrow(message);
  });

  it('are refused when there is no such host, before a key is looked for', () => {
    const options: FromEnvOptions = { env: {}, providers: Object({ opnai: { defaultModel: 'm' } }) };
    const act = () => optionsFromEnv(options);
    expect(act).toThrow(ConfigError);
    expect(act).toThrow('providers.opnai: no such provider (have: anthropic, openai, azure, groq');
  });

  it('are refused when an option does not exist, or a key has no address', () => {
    const providers = { groq: Object({ baseUrl: 'https://x.example' }) };
    expect(() => optionsFromEnv({ env: { GROQ_API_KEY: 'k' }, providers })).toThrow(
      'groq: baseUrl: no such option',
    );
    expect(() => optionsFromEnv({ env: { AZURE_OPENAI_API_KEY: 'k' } })).toThrow('AZURE_OPENAI_ENDPOINT');
  });
});
