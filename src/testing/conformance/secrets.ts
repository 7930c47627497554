import { ProviderPool } from '../../index.ts';
import type { ConformanceCase } from './fixtures.ts';
import { must } from './must.ts';
import { KEY, PROMPT, type Subject, type Trial, trial } from './trial.ts';

/** No key is in an error of the provider, and neither key nor prompt in one of a pool, also where a host quotes them. */
export function secrets(subject: Subject): ConformanceCase[] {
  return [400, 401, 500].flatMap((status) => [
    {
      name: `status ${status} that quotes the key: the error does not`,
      run: () => trial(subject, async (it) => hides((await it.tell(quoting(it, status))).error, [KEY])),
    },
    {
      name: `status ${status} that quotes key and prompt: what a pool throws does not`,
      run: () => trial(subject, async (it) => hides(await throughPool(it, status), [KEY, PROMPT])),
    },
  ]);
}

/** A refusal that repeats what it was sent, as hosts do. */
function quoting(it: Trial, status: number): ReturnType<Trial['refusal']> {
  return it.refusal(status, `key ${KEY} may not ask "${PROMPT}"`);
}

/** What a caller of the pool gets to see. */
async function throughPool(it: Trial, status: number): Promise<unknown> {
  const pool = new ProviderPool({ providers: [it.provider], retry: false });
  it.upstream.respond(() => quoting(it, status));
  const { model, request } = it.call();
  try {
    await pool.streamRequest({ ...request, model: `${it.provider.name}/${model}` });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await pool.close({ drainMs: 0 });
  }
}

/** Looks into everything that a log could show of an error and of its causes. */
function hides(error: unknown, canaries: readonly string[]): void {
  must(error !== undefined, 'a refusal must be an error');
  let shown = '';
  let each: unknown = error;
  for (let depth = 0; each instanceof Error && depth < 10; depth++) {
    shown += `${each.message} ${each.stack} ${JSON.stringify(each)} `;
    each = each.cause;
  }
  for (const canary of canaries)
    must(!shown.includes(canary), `an error must not hold "${canary.slice(0, 18)}…"`);
}
