export { type AiSdkPool, aiSdk, type PoolProvider } from './pool-provider.ts';
export type { EmbeddingModelV4, LanguageModelV4 } from './spec.ts';
