const FENCE = '```';

/**
 * Takes the fence off an answer that is one fenced block, as models write JSON when asked for it (RF-2).
 *
 * Text that begins otherwise passes at once. Text that begins with a fence is held to the end, because only
 * there it shows whether the fence closes and nothing follows.
 */
export class FenceHold {
  #held = '';
  #state: 'undecided' | 'fenced' | 'plain' = 'undecided';

  /** The part of the answer that may pass now, possibly empty. */
  push(text: string): string {
    if (this.#state === 'plain') return text;
    this.#held += text;
    if (this.#state === 'fenced') return '';
    const start = this.#held.trimStart();
    if (start.startsWith(FENCE)) this.#state = 'fenced';
    else if (!FENCE.startsWith(start)) {
      this.#state = 'plain';
      return this.#held;
    }
    return '';
  }

  /** The rest, without its fence if the whole answer was one block. */
  end(): string {
    const rest = this.#state === 'plain' ? '' : this.#held;
    this.#held = '';
    return unfenced(rest) ?? rest;
  }
}

function unfenced(text: string): string | undefined {
  const block = text.trim();
  const lineEnd = block.indexOf('\n');
  if (lineEnd < 0 || !/^```[\w-]*\s*$/.test(block.slice(0, lineEnd)) || !block.endsWith(`\n${FENCE}`)) {
    return undefined;
  }
  const inner = block.slice(lineEnd + 1, -FENCE.length).trim();
  // A second fence at the start of a line: several blocks, with words between them.
  return /^[ \t]*```/m.test(inner) ? undefined : inner;
}
