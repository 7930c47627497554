import { ConfigError, type FetchLike } from '../../provider-kit/index.ts';
import { formsOf } from '../../provider-kit/redact.ts';
import type { TapedRequest } from './tape.ts';

/** What a cassette keeps of a request, and what it masks. */
export interface RedactionOptions {
  /** Names of further request headers to keep. None that carries a credential. */
  readonly headers?: readonly string[];
  /** False keeps no body of a request; a function makes what is kept of it. Requests are matched by it. @default true */
  readonly body?: boolean | ((body: unknown) => unknown);
  /** Further texts of at least 8 characters to mask wherever they stand, answers included. The request's keys are. */
  readonly secrets?: readonly string[];
}

type Init = Parameters<FetchLike>[1];

/** Request headers that say how something was asked, and not by whom. */
const KEPT: readonly string[] = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta'];

/** Response headers that the library reads. */
const KEPT_OF_ANSWERS =
  /^(?:content-type|retry-after(?:-ms)?|(?:x-)?request-id|x-should-retry|anthropic-ratelimit-[a-z-]+|x-ratelimit-[a-z-]+)$/;

/** Names of headers and of query parameters whose value is a credential. */
const CREDENTIAL = /auth|key|token|secret|cookie|signature|^sig$|password/i;

/** Decides what of a request and its answer comes into a file. */
export class Redaction {
  readonly #kept: ReadonlySet<string>;
  readonly #body: NonNullable<RedactionOptions['body']>;
  readonly #secrets: readonly string[];

  /** @throws ConfigError for a header that carries a credential */
  constructor({ headers = [], body = true, secrets = [] }: RedactionOptions) {
    const credential = headers.find((name) => CREDENTIAL.test(name));
    if (credential !== undefined)
      throw new ConfigError(`cassette: headers: "${credential}" carries a credential`);
    this.#kept = new Set([...KEPT, ...headers.map((name) => name.toLowerCase())]);
    this.#body = body;
    this.#secrets = secrets;
  }

  /** A request as it is kept, and as it is compared with those that were. */
  request(url: string, init: Init): TapedRequest {
    const kept = Object.entries(init.headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => this.#kept.has(name));
    const forms = this.#formsIn(url, init);
    const mask = (text: string): string => masked(text, forms);
    const body = this.#bodyOf(init.body);
    return {
      method: init.method,
      path: mask(pathOf(url)),
      headers: Object.fromEntries(kept.map(([name, value]) => [name, mask(value)])),
      ...(body !== undefined && { body: JSON.parse(mask(JSON.stringify(body))) }),
    };
  }

  /** Of an answer. What is not kept, replays without it. */
  headersOf(headers: Headers): Record<string, string> {
    return Object.fromEntries([...headers].filter(([name]) => KEPT_OF_ANSWERS.test(name)));
  }

  /** Copies of the pieces of an answer with every secret masked, also one that is cut in two. Lengths stay. */
  chunks(url: string, init: Init, pieces: readonly Uint8Array[]): Uint8Array[] {
    // One character a byte: places in the text are places in the bytes.
    const text = masked(pieces.map(binaryOf).join(''), this.#formsIn(url, init).map(binaryOfText));
    let offset = 0;
    return pieces.map(({ length }) => {
      const part = text.slice(offset, offset + length);
      offset += length;
      return Uint8Array.from(part, (character) => character.charCodeAt(0));
    });
  }

  #bodyOf(text: string | undefined): unknown {
    if (text === undefined || this.#body === false) return undefined;
    const body = parsed(text);
    return this.#body === true ? body : this.#body(body);
  }

  /** All that must not be found, in every form in which a host may say it. */
  #formsIn(url: string, { headers }: Init): string[] {
    const said = [...Object.entries(headers), ...new URL(url).searchParams]
      .filter(([name]) => CREDENTIAL.test(name))
      // A host that quotes a key quotes it without its scheme.
      .map(([, value]) => value.replace(/^\w+ /, ''));
    return [...said, ...this.#secrets].flatMap((secret) => [...formsOf(secret)]);
  }
}

/** Of the same length, so that a piece of an answer stays as long as it was. */
function masked(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, 'x'.repeat(form.length)), text);
}

/** One character a byte. */
function binaryOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function binaryOfText(text: string): string {
  return binaryOf(new TextEncoder().encode(text));
}

/** Without the host: a recording from a proxy, or from a test's own port, is replayed anywhere. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** JSON as a value, so that the order of its keys does not matter; anything else as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
