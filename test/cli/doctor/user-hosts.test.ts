import { describe, expect, it } from 'vitest';
import { type UserOptions, userHosts } from '../../../src/cli/doctor/user-hosts.ts';

const hostNamed = (options: UserOptions, key: string) => userHosts(options).find((host) => host.key === key);

describe('the hosts of an environment', () => {
  it('are all that it may name, in the order of the pool, also those it does not speak of', () => {
    const hosts = userHosts({ env: {} });
    expect(hosts.slice(0, 2).map(({ key }) => key)).toEqual(['anthropic', 'openai']);
    expect(hosts.length).toBeGreaterThan(10);
    expect(hosts.every(({ variables, baseURL }) => variables.length === 0 && baseURL === undefined)).toBe(
      true,
    );
  });

  it.each([
    ['its own', { ANTHROPIC_API_KEY: 'k' }, undefined, 'https://api.anthropic.com'],
    ['of the environment', { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://a' }, undefined, 'http://a'],
    ['of the options', { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://a' }, 'http://b', 'http://b'],
    ['none without a key', { ANTHROPIC_BASE_URL: 'http://a' }, 'http://b', undefined],
    ['none with a blank key', { ANTHROPIC_API_KEY: '  ' }, undefined, undefined],
  ])('Claude has the address %s', (_, env, baseURL, expected) => {
    const options = { env, ...(baseURL && { providers: { anthropic: { baseURL } } }) };
    expect(hostNamed(options, 'anthropic')?.baseURL).toBe(expected);
  });

  it('go by the name and the variable that the options give them', () => {
    const providers = {
      anthropic: { name: 'claude', apiKeyEnv: 'CLAUDE_KEY' },
      groq: { name: 'fast', apiKeyEnv: 'MINE' },
    };
    const options = { env: { CLAUDE_KEY: 'a', MINE: 'b', GROQ_API_KEY: 'c' }, providers };
    expect(hostNamed(options, 'anthropic')).toMatchObject({ name: 'claude', variables: ['CLAUDE_KEY'] });
    expect(hostNamed(options, 'groq')).toMatchObject({
      name: 'fast',
      variables: ['MINE'],
      baseURL: 'https://api.groq.com/openai/v1',
    });
  });

  it('of which one without its address has none, and throws nothing', () => {
    const azure = hostNamed({ env: { AZURE_OPENAI_API_KEY: 'k' } }, 'azure');
    expect(azure).toMatchObject({ variables: ['AZURE_OPENAI_API_KEY'], baseURL: undefined });
  });
});
