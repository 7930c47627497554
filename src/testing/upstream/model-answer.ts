/** One block of an answer, with the fragments in which a stream delivers it. */
export type AnswerBlock =
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  /** `pieces` is empty where the API hides the text and shows only the signature. */
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      /** Made up when absent. */
      readonly id?: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      /** Exact fragments of argument text, valid JSON or not. @default the input's JSON, cut up */
      readonly pieces?: readonly string[];
    };

/** What the model says, before any wire. Stream and JSON answers are both made from it. */
export interface Answer {
  readonly blocks: readonly AnswerBlock[];
  /**
   * Anthropic's word, known or not. OpenAI's wire says it in OpenAI's, and leaves others as they are.
   * @default `tool_use` when a tool is called, else `end_turn`
   */
  readonly stopReason?: string;
  readonly stopSequence?: string;
  /** Accompanies `refusal`. */
  readonly stopDetails?: Readonly<Record<string, unknown>>;
  /** The model that claims to have answered. @default the one asked for */
  readonly model?: string;
  /** Replaces single fields of the counted usage, by the names of the wire that is asked. */
  readonly usage?: Readonly<Record<string, unknown>>;
}

/** Why this answer stops, when its author did not say. */
export function stopReasonOf(answer: Answer): string {
  return (
    answer.stopReason ?? (answer.blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn')
  );
}

/** Everything the model wrote, as one text: what its output tokens are counted from. */
export function writtenText(blocks: readonly AnswerBlock[]): string {
  return blocks.map(blockText).join('');
}

/** Of an answer's text, the part that is reasoning. */
export function thoughtText(blocks: readonly AnswerBlock[]): string {
  return writtenText(
    blocks.filter((block) => block.type === 'thinking' || block.type === 'redacted_thinking'),
  );
}

/** The answer with every tool call named, so that its stream and its JSON name them alike. */
export function withToolIds(answer: Answer, nextId: () => string): Answer {
  const blocks = answer.blocks.map((block) =>
    block.type === 'tool_use' && block.id === undefined ? { ...block, id: nextId() } : block,
  );
  return { ...answer, blocks };
}

function blockText(block: AnswerBlock): string {
  switch (block.type) {
    case 'redacted_thinking':
      return block.data;
    case 'tool_use':
      return (block.pieces ?? [JSON.stringify(block.input)]).join('');
    default:
      return block.pieces.join('');
  }
}
