/**
 * A key that cannot be logged by accident: `inspect`, `JSON.stringify` and string conversion show a mask,
 * `structuredClone` and spreading yield an empty object.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The key itself, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}

// `util.inspect` looks this symbol up; a computed class member would defeat isolated declarations.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: () => '[secret]',
});

/** A key, a function that reads one anew for each call (rotation), or several keys, each a target of its own. */
export type ApiKey =
  | string
  | (() => string | Promise<string>)
  | readonly (string | (() => string | Promise<string>))[];
