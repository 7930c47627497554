import type { Entry, Turn } from './turns.ts';

/** From a path in the translated request back to the caller's own (ERR-62). */
export interface BlockMap {
  /**
   * The caller's path behind one that an upstream error names, such as `messages.5.content.0.tool_use.id`.
   *
   * @returns `undefined` for a path that nothing of the caller's request became
   */
  callerPath(wirePath: string): string | undefined;
}

/** Top-level fields whose name differs between the two dialects. */
const RENAMED: Readonly<Record<string, string>> = {
  stop_sequences: 'stop',
  thinking: 'reasoning_effort',
  output_config: 'response_format',
  speed: 'service_tier',
};

/** A map over what was translated; nothing is computed until an error asks. */
export function createBlockMap(
  turns: readonly Turn[],
  system: readonly Entry[],
  toolPaths: readonly string[],
  capPath: string,
): BlockMap {
  return {
    callerPath(wirePath) {
      const [field = '', first, , third] = wirePath.split('.');
      if (field === 'messages') return messagePath(turns[Number(first)], Number(third));
      if (field === 'system') return system[Number(first ?? 0)]?.from;
      if (field === 'tools') return first === undefined ? 'tools' : toolPaths[Number(first)];
      if (field === 'max_tokens') return capPath;
      return RENAMED[field] ?? (field || undefined);
    },
  };
}

/** The block's own path, or the message of the turn's first block where no block is named. */
function messagePath(turn: Turn | undefined, block: number): string | undefined {
  const exact = turn?.entries[block]?.from;
  return exact ?? turn?.entries[0]?.from.replace(/^(messages\[\d+\]).*$/, '$1');
}
