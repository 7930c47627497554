/** What the process heard while the matrix ran. */
export interface Seen {
  readonly rejections: readonly unknown[];
  readonly warnings: readonly Error[];
  readonly resources: readonly string[];
  stop(): void;
}

/** Listens for what must not happen anywhere. */
export function watchProcess(): Seen {
  const rejections: unknown[] = [];
  const warnings: Error[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('unhandledRejection', onRejection);
  process.on('warning', onWarning);
  return {
    rejections,
    warnings,
    resources: process.getActiveResourcesInfo(),
    stop() {
      process.off('unhandledRejection', onRejection);
      process.off('warning', onWarning);
    },
  };
}

/** Time in which timers of grace may run out, in milliseconds. */
const WITHIN_MS = 1_000;

/** What is left of everything, once all is closed: rejections, warnings, sockets, timers. In words. */
export async function aftermath(seen: Seen): Promise<string[]> {
  const deadline = performance.now() + WITHIN_MS;
  while (left(seen).length > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  seen.stop();
  return [
    ...seen.rejections.map(
      (reason) => `unhandled rejection: ${reason instanceof Error ? reason.stack : reason}`,
    ),
    ...seen.warnings.map((warning) => `warning: ${warning.name}: ${warning.message}`),
    ...left(seen).map((resource) => `${resource} left`),
  ];
}

/** Resources that keep a process alive, beyond those that were there before. */
function left({ resources }: Seen): string[] {
  const before = [...resources];
  return process.getActiveResourcesInfo().filter((resource) => {
    const at = before.indexOf(resource);
    if (at >= 0) before.splice(at, 1);
    return at < 0;
  });
}
