/** Ids that the model listing shows when the upstream was given none. */
export const listedOpenAIModels: readonly string[] = ['gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-luna'];

/** A model as `GET /v1/models/{id}` shows it. */
export function openaiModel(id: string): Readonly<Record<string, unknown>> {
  return { id, object: 'model', created: 1_796_000_000, owned_by: 'openai' };
}

/** All of them: `GET /v1/models`. */
export function openaiModelList(ids: readonly string[]): Readonly<Record<string, unknown>> {
  return { object: 'list', data: ids.map(openaiModel) };
}
