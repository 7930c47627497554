import * as z from 'zod';
import type { EmbeddingRequest } from './embedding.ts';
import { parseWith } from './parse-request.ts';

const tokens = z.array(z.int().min(0)).min(1);

const embeddingSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), tokens, z.array(tokens).min(1)]),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  user: z.string().nullish(),
});

/**
 * Turns what a caller passed into a request for vectors: a copy, checked, in which `null` equals absent.
 *
 * @throws InvalidRequestError listing every wrong field by its path; `param` is the first
 */
export function parseEmbedding(input: unknown): EmbeddingRequest {
  const copy = parseWith(embeddingSchema, input, 'the request must be an object with `input`');
  const said = Object.entries(copy).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as unknown as EmbeddingRequest;
}
