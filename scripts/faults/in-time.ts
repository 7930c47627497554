/** Waits for something, but not for ever: `undefined` when it is not there in time. */
export async function inTime<Result>(work: Promise<Result>, withinMs: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, withinMs, undefined);
  });
  const result = await Promise.race([work, late]);
  clearTimeout(timer);
  return result;
}
