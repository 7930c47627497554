import type { ChatStream, ProviderPool } from '../index.ts';
import { callOf } from './call-request.ts';
import { metadataOf, warningsOf } from './end-parts.ts';
import { NAME } from './read-prompt.ts';
import type { EmbeddingModelV4, LanguageModelV4, StreamPartV4, WarningV4 } from './spec.ts';
import { PartWriter } from './stream-parts.ts';
import { wholeAnswer } from './whole-answer.ts';

/** What of a pool is used. */
export type AiSdkPool = Pick<ProviderPool, 'request' | 'streamRequest' | 'embed'>;

/** A provider of the AI SDK, also callable with the name of a model. */
export interface PoolProvider {
  (modelId: string): LanguageModelV4;
  readonly specificationVersion: 'v4';
  languageModel(modelId: string): LanguageModelV4;
  embeddingModel(modelId: string): EmbeddingModelV4;
  /** @throws always: the pool makes no images */
  imageModel(modelId: string): never;
}

/**
 * A pool as a provider of the AI SDK, without HTTP or SSE in between: `streamText({ model: aiSdk(pool)('fast') })`.
 *
 * Set `maxRetries: 0` in the call, since the pool has retried already. Who answered and what it cost stands in
 * `providerMetadata.runestone`; options go in by `providerOptions.runestone`, those of the pool's call by its `call`.
 */
export function aiSdk(pool: AiSdkPool): PoolProvider {
  const languageModel = (modelId: string): LanguageModelV4 => modelOf(pool, modelId);
  return Object.assign((modelId: string) => languageModel(modelId), {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: (modelId: string) => embeddingModelOf(pool, modelId),
    imageModel: (modelId: string): never => {
      throw new Error(`runestone: the pool makes no images; "${modelId}" is not to be had`);
    },
  });
}

function modelOf(pool: AiSdkPool, modelId: string): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: NAME,
    modelId,
    // Addresses of images and documents pass as they are: the host fetches them, or the translation says why not.
    supportedUrls: { '*/*': [/^https?:\/\//] },
    async doGenerate(options) {
      const { request, options: call, warnings } = callOf(modelId, options);
      return wholeAnswer(await pool.request(request, call), warnings);
    },
    async doStream(options) {
      const { request, options: call, warnings } = callOf(modelId, options);
      const stream = await pool.streamRequest(request, call);
      return { stream: partsOf(stream, warnings) };
    },
  };
}

/** The parts as they come. A stream that breaks has an error as its last part, and no finish. */
function partsOf(stream: ChatStream, warnings: readonly WarningV4[]): ReadableStream<StreamPartV4> {
  const writer = new PartWriter(() => stream.runestone);
  const events = stream.events();
  return new ReadableStream<StreamPartV4>({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [...warnings, ...warningsOf(stream.runestone)] });
    },
    async pull(controller) {
      try {
        // Until there is a part: a pull that brings none is not repeated.
        for (let parts: StreamPartV4[] = []; parts.length === 0; ) {
          const { value, done } = await events.next();
          if (done) return controller.close();
          parts = writer.write(value);
          for (const part of parts) controller.enqueue(part);
        }
      } catch (error) {
        controller.enqueue({ type: 'error', error });
        controller.close();
      }
    },
    cancel: () => stream.cancel(),
  });
}

function embeddingModelOf(pool: AiSdkPool, modelId: string): EmbeddingModelV4 {
  return {
    specificationVersion: 'v4',
    provider: NAME,
    modelId,
    maxEmbeddingsPerCall: 2_048,
    supportsParallelCalls: true,
    async doEmbed({ values, abortSignal }) {
      const call = abortSignal && { signal: abortSignal };
      const { data, usage, runestone } = await pool.embed(
        { model: modelId, input: [...values], encoding_format: 'float' },
        call,
      );
      const embeddings = data.map(({ embedding }) => (typeof embedding === 'string' ? [] : [...embedding]));
      return {
        embeddings,
        ...(usage && { usage: { tokens: usage.prompt_tokens } }),
        providerMetadata: metadataOf(runestone),
        warnings: [],
      };
    },
  };
}
