import { expect, it } from 'vitest';
import { checkKeys } from '../../../src/cli/doctor/check-keys.ts';
import { userHosts } from '../../../src/cli/doctor/user-hosts.ts';

const env = { ANTHROPIC_API_KEY: 'sk-ant-secret', GROQ_API_KEY: 'gsk-secret', OPENAI_API_KEY: ' ' };
const hosts = userHosts({ env });

it('names the variables that are set, and who is there because of them', () => {
  expect(checkKeys(hosts, ['anthropic', 'groq'])).toEqual([
    { check: 'keys', state: 'ok', message: 'ANTHROPIC_API_KEY set: anthropic' },
    { check: 'keys', state: 'ok', message: 'GROQ_API_KEY set: groq' },
  ]);
});

it('warns of a key that nobody is registered for, and of an address without a variable', () => {
  const findings = checkKeys(hosts, ['anthropic', 'ollama']);
  expect(findings.map(({ state, message }) => `${state}: ${message}`)).toEqual([
    'ok: ANTHROPIC_API_KEY set: anthropic',
    'warning: GROQ_API_KEY set, but groq is not registered',
    'ok: address from the options: ollama',
  ]);
});

it('says only what is set where there is no pool', () => {
  expect(checkKeys(hosts).map(({ state, message }) => [state, message])).toEqual([
    ['ok', 'ANTHROPIC_API_KEY set'],
    ['ok', 'GROQ_API_KEY set'],
  ]);
});

it('shows no key', () => {
  expect(JSON.stringify([checkKeys(hosts), checkKeys(hosts, [])])).not.toContain('secret');
});
