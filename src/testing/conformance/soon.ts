/** What has not come to an end by then hangs, in milliseconds. */
const HANGS_AFTER_MS = 2_000;

/** Something that must end, and does not. */
export class Hanging extends Error {}

/**
 * The outcome of what must end soon.
 *
 * @param what - for the message: `a stream`
 * @throws Hanging when it does not
 */
export async function soon<Value>(
  promise: Promise<Value>,
  what: string,
  limitMs: number = HANGS_AFTER_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const hanging = new Hanging(`conformance: ${what} must come, or end, and hangs`);
    timer = setTimeout(() => reject(hanging), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
