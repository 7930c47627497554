import type { ProviderPool } from '../index.ts';
import { type CliIo, exitCode } from './cli-io.ts';
import { money, table } from './table.ts';

/** What is to be explained. */
export interface ExplainRequest {
  readonly model: string | undefined;
  readonly prompt: string;
  readonly json: boolean;
}

/** Tells where a request would go, and why: nothing is sent. */
export function explainCommand(
  pool: ProviderPool,
  io: CliIo,
  { model, prompt, json }: ExplainRequest,
): number {
  const messages = [{ role: 'user' as const, content: prompt || 'Hello' }];
  const explanation = pool.explain({ messages, ...(model !== undefined && { model }) });
  if (json) {
    io.out(`${JSON.stringify(explanation)}\n`);
    return exitCode.ok;
  }
  const { strategy, candidates, excluded } = explanation;
  io.err(`strategy: ${strategy}\n`);
  const rows = candidates.map(({ target, tier, circuit, cooldownMs, costUsd }, index) => [
    String(index + 1),
    target,
    String(tier),
    cooldownMs > 0 ? `left alone for ${Math.ceil(cooldownMs / 1_000)} s` : `circuit ${circuit}`,
    money(costUsd),
  ]);
  io.out(table(['', 'target', 'tier', 'state', 'expected'], rows));
  for (const { target, reason } of excluded) io.out(`passed by: ${target}: ${reason}\n`);
  return exitCode.ok;
}
