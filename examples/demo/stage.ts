/** The terminal: plain lines from top to bottom, with colour only where it is wanted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';

/** What a word can look like. */
export type Look = Parameters<typeof styleText>[0];

/** Where the demo is shown: nothing is wider than this. */
export const WIDTH = 80;

const INDENT = '     ';

/** Writes to a terminal or a pipe. Nothing is ever overwritten, so both show the same. */
export class Stage {
  readonly #out: { write(text: string): unknown };
  readonly #colour: boolean;
  #scenes = 0;

  constructor(out: { write(text: string): unknown }, colour: boolean) {
    this.#out = out;
    this.#colour = colour;
  }

  /** Text with a look, where colour is allowed. */
  paint(look: Look, text: string): string {
    // Whether colour is wanted was decided once; asking the stream again would undo it in a pipe.
    return this.#colour ? styleText(look, text, { validateStream: false }) : text;
  }

  /** One line, indented like everything inside a scene. */
  line(text = ''): void {
    this.#out.write(text === '' ? '\n' : `${INDENT}${text}\n`);
  }

  /** A quieter line. */
  note(text: string): void {
    this.line(this.paint('dim', text));
  }

  /** The name of the show, once. */
  title(name: string, about: string): void {
    this.#out.write(
      `\n  ${this.paint(['bold', 'magenta'], `◆ ${name}`)}${this.paint('dim', ` · ${about}`)}\n\n`,
    );
  }

  /** Begins the next scene. A breath before it lets the last one be read. */
  async scene(name: string, about: string): Promise<void> {
    if (this.#scenes > 0) await sleep(450);
    this.#scenes += 1;
    const head = `${this.paint(['bold', 'cyan'], String(this.#scenes))}  ${this.paint('bold', name)}`;
    this.#out.write(`\n  ${head}${this.paint('dim', ` · ${about}`)}\n`);
    this.#out.write(`  ${this.paint('dim', '─'.repeat(WIDTH - 4))}\n`);
  }

  /** Text as it streams in, wrapped between words and set off by a bar. */
  async flow(texts: AsyncIterable<string>): Promise<void> {
    const bar = `${INDENT}${this.paint('magenta', '│')} `;
    let column = 0;
    let word = '';
    const put = (): void => {
      if (column > 0 && column + word.length > WIDTH - 10) {
        this.#out.write('\n');
        column = 0;
        word = word.trimStart();
      }
      if (column === 0 && word) this.#out.write(bar);
      this.#out.write(word);
      column += word.length;
      word = '';
    };
    for await (const text of texts) {
      for (const part of text.replaceAll('\n', ' ').split(/(?=\s)/)) {
        if (/^\s/.test(part) && word.trim() !== '') put();
        word += part;
      }
    }
    word = word.trimEnd();
    put();
    this.#out.write('\n');
  }
}

/** `1.2 s`, `43 ms`, `–`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `$0.000422`; what is not known is not 0. */
export function money(usd: number | undefined): string {
  return usd === undefined ? 'unknown' : `$${usd.toFixed(6)}`;
}
