import OpenAI6 from 'openai6';
import { zodResponseFormat as format6 } from 'openai6/helpers/zod';
import OpenAI7 from 'openai7';
import { zodResponseFormat as format7 } from 'openai7/helpers/zod';
import { type ChatRequest, httpStatusOf, isRunestoneError, type ProviderPool } from 'runestone';

/** A major version of the official client, with its helper for zod schemas. */
export interface Major {
  readonly name: string;
  readonly OpenAI: typeof OpenAI6;
  readonly zodResponseFormat: typeof format6;
}

/** The two majors differ in types that these tests do not touch. */
export const majors: readonly Major[] = [
  { name: '6', OpenAI: OpenAI6, zodResponseFormat: format6 },
  {
    name: '7',
    OpenAI: OpenAI7 as unknown as typeof OpenAI6,
    zodResponseFormat: format7 as unknown as typeof format6,
  },
];

/** What a service writes that lets the official client run on a pool. */
export function onPool(OpenAI: typeof OpenAI6, pool: ProviderPool): OpenAI6 {
  const fetch = async (_url: unknown, init: { body?: unknown; signal?: AbortSignal | null } = {}) => {
    const body: ChatRequest = JSON.parse(String(init.body));
    const call = init.signal ? { signal: init.signal } : {};
    try {
      if (body.stream !== true) return Response.json(await pool.request(body, call));
      return (await pool.streamRequest(body, call)).toResponse();
    } catch (error) {
      if (!isRunestoneError(error)) throw error;
      return Response.json(error.toOpenAI(), { status: httpStatusOf(error) });
    }
  };
  return new OpenAI({ apiKey: 'unused', baseURL: 'http://pool.invalid/v1', maxRetries: 0, fetch });
}
