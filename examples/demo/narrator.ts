/** Tells a request's fate line by line while it happens, from telemetry alone. */
import type { AnyTelemetryEvent, ProviderPool } from 'runestone';
import { duration, type Stage } from './stage.ts';

/** Tells every attempt, wait and change of target until the returned function is called. */
export function narrate(pool: ProviderPool, stage: Stage): () => void {
  return pool.on('*', (event) => {
    const told = tell(event, stage);
    if (told) stage.line(told);
  });
}

function tell(event: AnyTelemetryEvent, stage: Stage): string | undefined {
  switch (event.name) {
    case 'provider.error': {
      const status = event.status ? ` ${event.status}` : '';
      return `${host(event.provider)}${stage.paint('red', `✗ ${event.code}${status}`)}`;
    }
    case 'retry.scheduled':
      return stage.paint('dim', `${host('')}↻ tries again in ${duration(event.delayMs)} (full jitter)`);
    case 'failover':
      return stage.paint('yellow', `${host('')}→ takes over: ${event.to}`);
    case 'provider.stream.first_token':
      return `${host(event.provider)}${stage.paint('green', '✓ answers')}, first token after ${duration(event.ttftMs)}`;
    default:
      return undefined;
  }
}

function host(name: string): string {
  return name.padEnd(10);
}
