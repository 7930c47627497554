import { isRunestoneError, type ProviderPool } from 'runestone';
import { labWords, noncesIn } from 'runestone/testing';
import { questionOf } from '../faults/ask.ts';
import { nextNonce } from '../faults/stand.ts';

/** What became of one request, as far as a load can go wrong. */
export interface Ending {
  readonly nonce: string;
  /** `ok` or a code; `lost` when what came is no ending of the house. */
  readonly outcome: string;
  /** Text of another request. */
  readonly crossed: boolean;
  /** A piece more than once. */
  readonly doubled: boolean;
  /** Calls itself complete, and is not. */
  readonly cut: boolean;
  readonly atMs: number;
}

/** Asks once, and looks at each piece that comes. */
export async function askOnce(pool: ProviderPool, form: 'stream' | 'whole'): Promise<Ending> {
  const nonce = nextNonce();
  const { text, outcome } = await textOf(pool, nonce, form);
  const pieces = text.split(' ').filter((piece) => piece !== '');
  return {
    nonce,
    outcome,
    crossed: noncesIn(text).some((each) => each !== nonce),
    doubled: new Set(pieces).size < pieces.length,
    cut: outcome === 'ok' && text !== labWords(nonce).join(''),
    atMs: performance.now(),
  };
}

async function textOf(
  pool: ProviderPool,
  nonce: string,
  form: 'stream' | 'whole',
): Promise<{ readonly text: string; readonly outcome: string }> {
  let text = '';
  try {
    if (form === 'whole') {
      const { choices } = await pool.request(questionOf(nonce, form));
      text = choices[0]?.message.content ?? '';
    } else {
      for await (const piece of (await pool.streamRequest(questionOf(nonce, form))).text()) text += piece;
    }
    return { text, outcome: 'ok' };
  } catch (error) {
    return { text, outcome: isRunestoneError(error) ? error.code : 'lost' };
  }
}

/** Keeps so many requests going until all have ended. */
export async function askMany(
  total: number,
  atOnce: number,
  ask: (n: number) => Promise<Ending>,
): Promise<Ending[]> {
  const endings: Ending[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) endings.push(await ask(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return endings;
}
