const MIB = 1024 * 1024;
const EVERY_MS = 5;

/** By how much the process grows while something runs by itself. */
export class MemoryWatch {
  readonly #beforeBytes: number;
  #mostBytes: number;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(looks: boolean) {
    this.#beforeBytes = process.memoryUsage.rss();
    this.#mostBytes = this.#beforeBytes;
    if (looks) this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** In MiB. */
  stop(): number {
    clearInterval(this.#timer);
    if (this.#timer) this.#look();
    return (this.#mostBytes - this.#beforeBytes) / MIB;
  }

  #look(): void {
    this.#mostBytes = Math.max(this.#mostBytes, process.memoryUsage.rss());
  }
}
