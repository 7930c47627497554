import { objectOf } from '../read-json.ts';
import { fingerprint } from '../signature.ts';
import { countTokens } from '../tokens.ts';

/** Length of a vector unless the request names one: that of `text-embedding-3-small`. */
const DIMENSIONS = 1536;

/** A request for embeddings answered: one vector for each text, the same text always the same vector. */
export function embeddingList(body: unknown): Readonly<Record<string, unknown>> {
  const { model, input, dimensions, encoding_format: format } = objectOf(body);
  const texts = inputTexts(input);
  const size = typeof dimensions === 'number' ? dimensions : DIMENSIONS;
  const tokens = texts.reduce((sum, { tokens: count }) => sum + count, 0);
  return {
    object: 'list',
    data: texts.map(({ text }, index) => {
      const vector = vectorOf(text, size);
      return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : [...vector] };
    }),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/**
 * A vector of length 1 that depends on every character of the text.
 *
 * Texts that are alike have nothing in common here: it is for telling vectors apart, not for searching.
 */
export function vectorOf(text: string, size: number): Float32Array {
  const raw = Float64Array.from({ length: size }, (_, at) => {
    const unit = Number.parseInt(fingerprint(`${at} ${text}`), 16) / 0xffffffff;
    return unit * 2 - 1;
  });
  const norm = Math.hypot(...raw) || 1;
  return Float32Array.from(raw, (value) => value / norm);
}

/** Little-endian 32-bit floats, as the API packs them. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

/** One text, several, or the token numbers of one or several: each with its tokens. */
function inputTexts(input: unknown): { readonly text: string; readonly tokens: number }[] {
  const list = Array.isArray(input) && typeof input[0] !== 'number' ? input : [input];
  return list.map((one) =>
    Array.isArray(one)
      ? { text: one.join(' '), tokens: one.length }
      : { text: String(one), tokens: countTokens(String(one)) },
  );
}
