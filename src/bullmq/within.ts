/** What a promise comes to, if it does in time. @throws Error when it does not: what was begun goes on */
export async function within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer in ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The words of an error without what hangs on it: ioredis hangs the whole command there, and that is the prompt. */
export function bare(error: unknown): Error {
  return new Error(error instanceof Error ? error.message : 'unknown error');
}
