import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { ToolInput } from './tool-input.ts';

/**
 * A block that OpenAI's shape has no place for: provider-run tools and their results, compaction, what the future
 * brings (STR-12b, STR-22, RES-15, RES-16). It says nothing and is kept whole for the next turn.
 */
export class OpaqueBlock implements ContentBlock {
  #block: JsonObject;
  /** For what a provider-run tool is given; it streams like a client's (STR-12b). */
  readonly #input: ToolInput | undefined;

  constructor(start: JsonObject, answer: AnswerSoFar) {
    this.#block = start;
    this.#input = 'input' in start ? new ToolInput(start, answer) : undefined;
  }

  delta(delta: JsonObject, _out: ChatEvent[]): void {
    this.#input?.add(delta);
    if (delta['type'] !== 'compaction_delta' || this.#block['type'] !== 'compaction') return;
    // The delta carries the block's final members, not additions (SDK, `BetaMessageStream`).
    const { type: _, ...final } = delta;
    this.#block = { ...this.#block, ...final };
  }

  /** Told in its place, for doors that speak Claude's own wire. What has an event of its own is told by that. */
  close(out: ChatEvent[]): void {
    const { type } = this.#block;
    if (type === 'redacted_thinking' || type === 'tool_use') return;
    const block = this.native();
    if (block) out.push({ type: 'vendor', provider: 'anthropic', data: { content_block: block } });
  }

  plain(): boolean {
    return false;
  }

  /** Verbatim: encrypted parts are refused by the API when as much as a key is missing (BUG-6, BUG-7). */
  native(): JsonObject | undefined {
    return this.#input ? this.#input.native() : this.#block;
  }
}
