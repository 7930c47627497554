import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './cli-io.ts';

/** Flags and words of a command line. */
export interface Arguments {
  readonly command: string | undefined;
  readonly words: readonly string[];
  readonly flags: Flags;
}

/** What any command may be told; each looks at its own. */
export interface Flags {
  readonly help?: boolean;
  readonly version?: boolean;
  /** One JSON value on standard output instead of text. */
  readonly json?: boolean;
  readonly model?: string;
  readonly system?: string;
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  /** Asks nobody on the network. */
  readonly offline?: boolean;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  model: { type: 'string', short: 'm' },
  system: { type: 'string', short: 's' },
  config: { type: 'string', short: 'c' },
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  offline: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** @throws UsageError for a flag that does not exist, or lacks its value */
export function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const [command, ...words] = positionals;
    return { command, words, flags: values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
