/** Longest wait that is told, in milliseconds: the range of Node's timers, so that nobody arms one beyond it (S16). */
export const MAX_WAIT_MS: number = 2 ** 31 - 1;

/** No honest header value is longer; what is goes unread, whatever it says. */
const MAX_VALUE_CHARS = 64;

/** Go's units. The micro sign exists twice in Unicode, and both are sent. */
const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

const decimal = /^\d+(?:\.\d+)?$/;
const timestamp = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** A header's value without white space around it; `undefined` when absent, empty or absurdly long. */
export function headerText(value: string | null): string | undefined {
  const text = value !== null && value.length <= MAX_VALUE_CHARS ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** A non-negative decimal number. Signs, exponents, hex and words are not numbers here. */
export function readDecimal(text: string | undefined): number | undefined {
  return text !== undefined && decimal.test(text) ? Number(text) : undefined;
}

/** A non-negative whole number that JavaScript holds exactly. */
export function readCount(text: string | undefined): number | undefined {
  const number = readDecimal(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An HTTP-date (IMF-fixdate) or an RFC 3339 timestamp, as epoch milliseconds. `Date.parse` alone takes far more. */
export function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !(httpDate.test(text) || timestamp.test(text))) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** A Go duration such as `6m0s` or `12ms` (HDR-12), in milliseconds; a bare number counts seconds. */
export function readDuration(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = readDecimal(text);
  if (seconds !== undefined) return seconds * 1_000;
  // `ms` stands before `m`, or `12ms` would be twelve minutes and a stray `s` (BUG-84).
  const part = /(\d+(?:\.\d+)?)(ms|us|µs|μs|ns|h|m|s)/y;
  let totalMs = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    totalMs += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  }
  return totalMs;
}

/**
 * A reset of unstated kind (HDR-14), as milliseconds from now: a date, a duration, or a number, which by its
 * size counts seconds from now, seconds since 1970, or milliseconds since 1970.
 */
export function readReset(text: string | undefined, nowMs: number): number | undefined {
  const date = readDate(text);
  if (date !== undefined) return date - nowMs;
  const number = readDecimal(text);
  if (number === undefined || number < 1e6) return readDuration(text);
  return (number < 1e11 ? number * 1_000 : number) - nowMs;
}
