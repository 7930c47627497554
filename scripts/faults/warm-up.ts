import { ProviderPool } from 'runestone';
import { startLab } from 'runestone/testing';
import { ask, questionOf } from './ask.ts';
import { host, models } from './stand.ts';

/** The SDK is loaded with the first request of a process, which is no fault of any host. */
export async function warmUp(): Promise<void> {
  await using lab = await startLab();
  for (const wire of ['anthropic', 'openai'] as const) {
    const pool = new ProviderPool({
      providers: [host('well', wire, lab.baseURL('ok', wire))],
      models: { route: [`well/${models[wire]}`] },
    });
    for (const form of ['stream', 'folded', 'whole'] as const) {
      await ask(pool, questionOf('nonce-warm', form), form);
    }
    await pool.close({ drainMs: 0 });
  }
}
