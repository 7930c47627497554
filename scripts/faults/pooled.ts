/**
 * Works through a list, so many at once. Each begins only when the event loop is calm, so that on a busy machine fewer
 * run at a time, and no timer fires late because others had just begun.
 */
export async function pooled<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let before: Promise<void> = Promise.resolve();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      before = before.then(calm);
      await before;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** A pause, and by how much it may be late, in milliseconds. */
const PAUSE_MS = 2;
const LATE_MS = 10;

/** Looks at a loop that never calms down, before it is used all the same. */
const LOOKS = 100;

/** Resolves when a short pause is a short one. */
async function calm(): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (performance.now() - began < PAUSE_MS + LATE_MS) return;
  }
}
