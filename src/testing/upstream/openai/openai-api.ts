import { answerSteps } from '../answer-steps.ts';
import { type ApiOptions, type ApiRequest, notFound } from '../api-request.ts';
import { billFor } from '../billed-tokens.ts';
import { withToolIds } from '../model-answer.ts';
import { bodySteps, plainSteps } from '../plain-steps.ts';
import { objectOf } from '../read-json.ts';
import type { AnswerReply, Reply, StatusReply } from '../reply.ts';
import type { Step } from '../step.ts';
import { checkChat } from './check-chat.ts';
import { checkEmbeddings } from './check-embeddings.ts';
import { chatAnswer } from './openai-answer.ts';
import { completionOf } from './openai-completion.ts';
import { embeddingList } from './openai-embeddings.ts';
import { inBandError, openaiError, openaiStatusOf } from './openai-error.ts';
import { chunkFaultFrames, chunkFramesOf } from './openai-frames.ts';
import { listedOpenAIModels, openaiModel, openaiModelList } from './openai-models.ts';
import { chatTokens } from './openai-tokens.ts';

type Headers = Readonly<Record<string, string>>;

/** OpenAI's API: what each request is answered. Holds the ids given out. */
export class OpenAIApi {
  readonly #options: ApiOptions;
  #ids = 0;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /**
   * The steps that answer a request.
   *
   * @param reply - what the test wants; a faulty reply is played even to a request that the API would refuse
   */
  answer(request: ApiRequest, reply?: Reply): Step[] {
    const headers = {
      'x-request-id': this.#nextId('req_'),
      'openai-organization': 'org-upstream',
      'openai-processing-ms': '7',
      'openai-version': '2020-10-01',
    };
    const wanted = reply?.kind === 'answer' || !reply ? (this.#refusal(request) ?? reply) : reply;
    if (wanted && wanted.kind !== 'answer') return plainSteps(wanted, errorOf, headers);
    if (isPost(request, '/chat/completions')) {
      return this.#completion(request, wanted ?? { kind: 'answer' }, headers);
    }
    return this.#lookUp(request, headers);
  }

  /** Key first, then the request, then the model: the order in which the API complains. */
  #refusal(request: ApiRequest): StatusReply | undefined {
    const { key, body } = request;
    const { models, apiKeys, keyless = false, strict = true } = this.#options;
    if (!key && !keyless) return noKey;
    if (key && apiKeys && !apiKeys.includes(key)) return { kind: 'status', status: 401 };
    const isChat = isPost(request, '/chat/completions');
    if (!isChat && !isPost(request, '/embeddings')) return undefined;
    const complaint = strict ? (isChat ? checkChat : checkEmbeddings)(body) : undefined;
    if (complaint) {
      const { message, ...details } = complaint;
      return { kind: 'status', status: 400, message, details };
    }
    const model = String(objectOf(body)['model']);
    return models && !models.includes(model) ? unknownModel(model) : undefined;
  }

  /** An answer of the model, scripted or made up. */
  #completion(request: ApiRequest, reply: AnswerReply, headers: Headers): Step[] {
    const body = objectOf(request.body);
    const answer = withToolIds(reply.answer ?? chatAnswer(body), () => this.#nextId('call_'));
    const facts = {
      id: this.#nextId('chatcmpl-'),
      model: String(body['model']),
      promptTokens: chatTokens(body),
    };
    const uncached = { cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };
    request.bill?.(billFor(answer, facts.model, { inputTokens: facts.promptTokens, ...uncached }));
    const { include_usage: usage, include_obfuscation: obfuscation } = objectOf(body['stream_options']);
    const options = { includeUsage: usage === true, obfuscate: obfuscation !== false };
    return answerSteps(
      { ...reply, answer },
      {
        headers,
        stream: body['stream'] === true,
        frames: () => chunkFramesOf(answer, facts, options),
        body: () => completionOf(answer, facts),
        faultFrames: chunkFaultFrames,
        failure: (type, message) => ({ status: openaiStatusOf(type), body: inBandError(type, message) }),
      },
    );
  }

  /** Everything that is no answer of a model. */
  #lookUp(request: ApiRequest, headers: Headers): Step[] {
    const { method, path, body } = request;
    const models = this.#options.models ?? listedOpenAIModels;
    if (isPost(request, '/embeddings')) return bodySteps(200, embeddingList(body), { headers });
    if (method === 'GET' && path.endsWith('/models')) {
      return bodySteps(200, openaiModelList(models), { headers });
    }
    const name = method === 'GET' ? /\/models\/(.+)$/.exec(path)?.[1] : undefined;
    if (name === undefined) {
      const away = { ...notFound(`Invalid URL (${method} ${path})`), details: { code: null } };
      return plainSteps(away, errorOf, headers);
    }
    const id = decodeURIComponent(name);
    if (models.includes(id)) return bodySteps(200, openaiModel(id), { headers });
    return plainSteps(unknownModel(id), errorOf, headers);
  }

  /** Ids in the API's style, counted up: the same script gives the same ids. */
  #nextId(prefix: 'req_' | 'chatcmpl-' | 'call_'): string {
    this.#ids++;
    return `${prefix}Upstream${String(this.#ids).padStart(16, '0')}`;
  }
}

/** Hosts put prefixes before OpenAI's paths, so that only the end counts. */
function isPost({ method, path }: ApiRequest, end: string): boolean {
  return method === 'POST' && path.endsWith(end);
}

function errorOf({ status, type, message, details }: StatusReply): unknown {
  return openaiError(status, { type, message, details });
}

function unknownModel(model: string): StatusReply {
  return notFound(`The model \`${model}\` does not exist or you do not have access to it.`);
}

const noKey: StatusReply = {
  kind: 'status',
  status: 401,
  message:
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.",
  details: { code: null },
};
