import { isRunestoneError, ProviderError, type ProviderErrorCode } from '../../provider-kit/index.ts';

/** Throws what should have been, unless it is so. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`conformance: ${what}`);
}

/** Throws unless two values are the same as JSON. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  must(is === shouldBe, `${what} must be ${shouldBe}, and is ${is}`);
}

/** Throws unless it is a `ProviderError` of one of these codes. */
export function mustFail(error: unknown, codes: readonly ProviderErrorCode[], what: string): ProviderError {
  const is = isRunestoneError(error) ? `\`${error.code}\`` : String(error);
  const wanted = codes.map((code) => `\`${code}\``).join(' or ');
  must(error instanceof ProviderError, `${what} must throw a ProviderError (${wanted}), and threw ${is}`);
  must(
    codes.some((code) => code === error.code),
    `${what} must throw ${wanted}, and threw ${is}`,
  );
  return error;
}
