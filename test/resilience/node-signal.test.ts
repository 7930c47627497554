import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { allowManyListeners } from '../../src/resilience/node-signal.ts';

/** The next warning of this process, or undefined when the loop turns without one. */
async function warningAfter(action: () => void): Promise<unknown> {
  const controller = new AbortController();
  const warned = once(process, 'warning', { signal: controller.signal }).catch(() => [undefined]);
  action();
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  const [warning] = await warned;
  return warning;
}

describe('allowManyListeners', () => {
  it('lets a thousand requests follow one signal without a warning', async () => {
    const { signal } = new AbortController();
    allowManyListeners(signal);
    const warning = await warningAfter(() => {
      for (let request = 0; request < 1_000; request += 1) signal.addEventListener('abort', () => undefined);
    });
    expect(warning).toBeUndefined();
  });
});
