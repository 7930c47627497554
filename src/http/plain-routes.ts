import { isRecord } from '../chat/json.ts';
import { countedMessages, countedTokens } from './messages/index.ts';
import { toBase64, toNumbers } from './node-vector.ts';
import { Refusal } from './refusal.ts';
import { jsonResponse } from './respond.ts';
import type { Route } from './route.ts';
import type { ServedModel } from './served-pool.ts';

/** Vectors, in the form that was asked for, whatever the host sends: official clients ask for base64. */
export const embeddings: Route['answer'] = async ({ pool, options, told, json }) => {
  const body = await json();
  const response = await pool.embed(body, options);
  const form = isRecord(body) && body['encoding_format'] === 'base64' ? toBase64 : toNumbers;
  const data = response.data.map((each) => ({ ...each, embedding: form(each.embedding) }));
  return jsonResponse({ ...response, data }, told);
};

/** How many tokens a request in Claude's words comes to, by the count of whoever would answer it. */
export const countTokens: Route['answer'] = async ({ pool, headers, options, told, json }) => {
  const count = await pool.countTokens(countedMessages(await json(), headers), options);
  return jsonResponse(countedTokens(count), told);
};

/** The catalogue, or one of it: by its name, or by a target, which is a name too. */
export const models: Route['answer'] = async ({ pool, headers, told, rest }) => {
  // Anthropic's clients ask at the same path as OpenAI's; they alone name a version.
  const listed = headers.has('anthropic-version') ? toAnthropic : (model: ServedModel) => model;
  // By name also what is not worth listing any more: it may still be asked.
  const { data } = pool.models({ retired: rest !== '' });
  if (rest === '') {
    const all = { object: 'list', data: data.map(listed) };
    const ends = { has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return jsonResponse(headers.has('anthropic-version') ? { ...all, ...ends } : all, told);
  }
  const model =
    data.find(({ id }) => id === rest) ?? data.find(({ runestone }) => runestone.targets.includes(rest));
  if (model) return jsonResponse(listed({ ...model, id: rest }), told);
  throw new Refusal('no model of that name is listed', { httpStatus: 404, reason: 'model_not_found' });
};

/** 503 once nobody can answer, for whoever balances load. Without names: who is behind the door is not for everyone. */
export const health: Route['answer'] = async ({ pool, told }) => {
  const { status } = pool.health();
  return jsonResponse({ status }, told, status === 'down' ? 503 : 200);
};

/** With the fields of Anthropic's `ModelInfo` beside OpenAI's. */
function toAnthropic(model: ServedModel): object {
  const created_at = new Date(model.created * 1000).toISOString();
  return { ...model, type: 'model', display_name: model.id, created_at };
}
