import { isRecord, type JsonObject, type ModelRun, tokenCount } from '../../../provider-kit/index.ts';

/**
 * What is billed for an answer of several runs: one entry for each, since each is priced by its own model and the
 * length of its own prompt (USE-9).
 *
 * A compaction names no model; it is done by the one that answers. An entry that is no report is a run of unknown
 * counts, so that its cost is unknown too.
 */
export function billedRuns(iterations: readonly unknown[]): readonly ModelRun[] {
  return iterations.map((iteration) => (isRecord(iteration) ? toRun(iteration) : {}));
}

function toRun(iteration: JsonObject): ModelRun {
  const { model, cache_creation: split } = iteration;
  const input = tokenCount(iteration['input_tokens']);
  const output = tokenCount(iteration['output_tokens']);
  const read = tokenCount(iteration['cache_read_input_tokens']);
  const written = tokenCount(iteration['cache_creation_input_tokens']);
  const forAnHour = isRecord(split) ? tokenCount(split['ephemeral_1h_input_tokens']) : undefined;
  const write1h = written === undefined ? undefined : Math.min(forAnHour ?? 0, written);
  return {
    ...(typeof model === 'string' && { model }),
    ...(input !== undefined && { inputTokens: input }),
    ...(output !== undefined && { outputTokens: output }),
    ...(read !== undefined && { cacheReadTokens: read }),
    ...(written !== undefined && write1h !== undefined && { cacheWrite5mTokens: written - write1h }),
    ...(write1h !== undefined && { cacheWrite1hTokens: write1h }),
  };
}
