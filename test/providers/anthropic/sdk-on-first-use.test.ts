import { expect, it, vi } from 'vitest';
import { anthropic } from '../../../src/providers/anthropic/index.ts';
import { startUpstream } from '../../../src/testing/index.ts';
import { textOf } from './calls.ts';

const loads = vi.hoisted(() => ({ count: 0 }));

vi.mock('@anthropic-ai/sdk', async (original) => {
  loads.count += 1;
  return original();
});

it('the SDK is loaded by the first request: not by the import, a provider or a health check', async () => {
  await using upstream = await startUpstream();
  const provider = anthropic({ apiKey: 'sk-ant-test', baseURL: upstream.url });
  await provider.check?.({ signal: new AbortController().signal, key: 0, connectMs: 1_000 });
  expect(upstream.requests).toHaveLength(1);
  expect(loads.count).toBe(0);
  await textOf(provider);
  expect(loads.count).toBe(1);
  await provider.close?.();
});
