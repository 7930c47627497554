import OpenAI6 from 'openai6';
import { zodResponseFormat as format6 } from 'openai6/helpers/zod';
import OpenAI7 from 'openai7';
import { zodResponseFormat as format7 } from 'openai7/helpers/zod';
import type { ProviderPool } from 'runestone';

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
  return new OpenAI(pool.clientOptions());
}
