import type { ListedModel, ProviderPool } from '../index.ts';
import type { CliIo } from './cli-io.ts';
import { table } from './table.ts';

/** Lists every name that the pool takes as `model`. */
export function listCommand(pool: ProviderPool, io: CliIo, json: boolean): void {
  const list = pool.models();
  if (json) io.out(`${JSON.stringify(list)}\n`);
  else io.out(table(['model', 'targets', 'context', 'most written', 'status'], list.data.map(rowOf)));
}

function rowOf({ id, runestone }: ListedModel): string[] {
  const { targets, contextWindow, maxOutputTokens, status } = runestone;
  return [id, targets.join(' '), String(contextWindow ?? '?'), String(maxOutputTokens ?? '?'), status];
}
