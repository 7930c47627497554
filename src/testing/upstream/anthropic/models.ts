/** Ids that the model listing shows when the upstream was given none. */
export const listedModels: readonly string[] = [
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-haiku-4-5-20251001',
];

/** A model as `GET /v1/models/{id}` shows it. */
export function modelInfo(id: string): Readonly<Record<string, unknown>> {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: '2026-01-01T00:00:00Z',
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: 1_000_000,
    max_tokens: 128_000,
    capabilities: null,
    line: null,
  };
}

/** One page with all of them: `GET /v1/models`. */
export function modelPage(ids: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    data: ids.map(modelInfo),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  };
}
