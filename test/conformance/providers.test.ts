import { anthropic } from 'runestone/providers/anthropic';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { providerConformance } from 'runestone/testing';
import { describe, it } from 'vitest';
import { acme, acmeWire } from './acme.ts';
import { completionsWire, messagesWire } from './wires.ts';

describe('anthropic', () => {
  for (const { name, run } of providerConformance(anthropic, messagesWire)) it(name, run);
});

describe('openai-compatible', () => {
  const make: Parameters<typeof providerConformance>[0] = ({ baseURL, apiKey }) =>
    openaiCompatible({ name: 'host', baseURL: `${baseURL}/v1`, apiKey });
  for (const { name, run } of providerConformance(make, completionsWire)) it(name, run);
});

describe('a provider of one’s own, on the kit', () => {
  for (const { name, run } of providerConformance(acme, acmeWire)) it(name, run);
});
