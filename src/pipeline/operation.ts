import type { EmbeddingRequest } from '../chat/embedding.ts';
import type { Provider } from '../provider-kit/provider.ts';

/** What is asked of a provider: an answer, vectors, or how many tokens a request would be. */
export type Operation =
  | { readonly kind: 'chat' }
  | { readonly kind: 'embed'; readonly embedding: EmbeddingRequest }
  | { readonly kind: 'count_tokens' };

/** An answer: what nearly every request asks for. */
export const CHAT: Operation = { kind: 'chat' };

/** Whether a provider can do it at all. */
export function canDo(provider: Provider, { kind }: Operation): boolean {
  if (kind === 'embed') return provider.embed !== undefined;
  if (kind === 'count_tokens') return provider.countTokens !== undefined;
  return true;
}
