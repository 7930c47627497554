import type { JsonObject } from '../../../provider-kit/index.ts';

/**
 * The events in which a whole content block would have been streamed.
 *
 * An input goes as a delta, so that an empty one is told as `{}` here, where it is known to be complete (RES-7).
 */
export function eventsOfBlock(block: JsonObject, index: number): JsonObject[] {
  const hasInput = 'input' in block;
  const delta = { type: 'input_json_delta', partial_json: block['input'] ?? {} };
  return [
    { type: 'content_block_start', index, content_block: hasInput ? { ...block, input: {} } : block },
    ...(hasInput ? [{ type: 'content_block_delta', index, delta }] : []),
    { type: 'content_block_stop', index },
  ];
}
