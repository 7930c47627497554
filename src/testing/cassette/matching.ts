import { ConfigError, isRecord } from '../../provider-kit/index.ts';
import type { Exchange, TapedRequest } from './tape.ts';

/** How many differences an error lists. */
const MAX_LISTED = 6;

/** The exchanges of a cassette that have not been played yet. */
export class Unplayed {
  readonly #path: string;
  readonly #left: Exchange[];
  readonly #count: number;

  /** @param path - for messages */
  constructor(path: string, exchanges: readonly Exchange[]) {
    this.#path = path;
    this.#left = [...exchanges];
    this.#count = exchanges.length;
  }

  /** How many. */
  get left(): number {
    return this.#left.length;
  }

  /**
   * Takes out the exchange that fits a request: the next one in order, or the first that is the same.
   *
   * @throws ConfigError that names what differs from the most similar one; by path, never by value
   */
  take(request: TapedRequest, match: 'request' | 'order'): Exchange {
    const candidates = match === 'order' ? this.#left.slice(0, 1) : this.#left;
    const compared = candidates.map((exchange) => ({
      exchange,
      differences: differencesOf(exchange.request, request),
    }));
    const found = compared.find(({ differences }) => differences.length === 0)?.exchange;
    if (!found) throw this.#mismatch(request, compared);
    this.#left.splice(this.#left.indexOf(found), 1);
    return found;
  }

  /** Says what to look at: the path of a field, and not its value, which may be a prompt. */
  #mismatch(
    { method, path }: TapedRequest,
    compared: readonly { readonly exchange: Exchange; readonly differences: readonly string[] }[],
  ): ConfigError {
    const who = `cassette: ${this.#path}: ${method} ${path}`;
    const [first] = compared;
    if (!first) {
      return new ConfigError(`${who}: all of its ${this.#count} exchanges have been played; record it anew`);
    }
    const nearest = compared.reduce((best, each) => (distance(each) < distance(best) ? each : best), first);
    const { differences } = nearest;
    const more = differences.length > MAX_LISTED ? `; and ${differences.length - MAX_LISTED} more` : '';
    const n = this.#count - this.#left.length + this.#left.indexOf(nearest.exchange) + 1;
    const list = differences.slice(0, MAX_LISTED).join('; ');
    return new ConfigError(
      `${who}: matches none of the ${this.#left.length} left; unlike the nearest (no. ${n}): ${list}${more}; record it anew`,
    );
  }
}

/** Another path is another call altogether: however alike the rest, it is no near miss. */
function distance({ differences }: { readonly differences: readonly string[] }): number {
  return differences.length + (differences.some((each) => /^(?:method|path) /.test(each)) ? 1_000 : 0);
}

/** What is not the same in a request as it was taped: `body.messages[0].content differs`. */
export function differencesOf(taped: TapedRequest, request: TapedRequest): string[] {
  const differences: string[] = [];
  if (taped.method !== request.method) differences.push('method differs');
  if (taped.path !== request.path) differences.push(`path was ${taped.path}`);
  compare(taped.body, request.body, 'body', differences);
  return differences;
}

/** Notes each place at which two values part. */
function compare(taped: unknown, given: unknown, path: string, differences: string[]): void {
  if (Array.isArray(taped) && Array.isArray(given)) {
    if (taped.length !== given.length)
      differences.push(`${path} had ${taped.length} elements, now ${given.length}`);
    const length = Math.min(taped.length, given.length);
    for (let index = 0; index < length; index++)
      compare(taped[index], given[index], `${path}[${index}]`, differences);
  } else if (isRecord(taped) && isRecord(given)) {
    for (const key of new Set([...Object.keys(taped), ...Object.keys(given)])) {
      if (!Object.hasOwn(given, key)) differences.push(`${path}.${key} is missing`);
      else if (!Object.hasOwn(taped, key)) differences.push(`${path}.${key} is new`);
      else compare(taped[key], given[key], `${path}.${key}`, differences);
    }
  } else if (taped !== given) differences.push(`${path} differs`);
}
