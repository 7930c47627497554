import { answerSteps } from '../answer-steps.ts';
import { type ApiOptions, type ApiRequest, notFound } from '../api-request.ts';
import { billFor } from '../billed-tokens.ts';
import { withToolIds } from '../model-answer.ts';
import { bodySteps, plainSteps } from '../plain-steps.ts';
import { objectOf } from '../read-json.ts';
import type { AnswerReply, Reply, StatusReply } from '../reply.ts';
import type { Step } from '../step.ts';
import { checkRequest } from './check-request.ts';
import { defaultAnswer } from './default-answer.ts';
import { errorBody, errorTypeOf, statusOf } from './error-body.ts';
import { faultFrames, framesOf } from './frames.ts';
import { messageOf } from './message.ts';
import { listedModels, modelInfo, modelPage } from './models.ts';
import { PromptCache, promptTokens } from './prompt-cache.ts';
import { promptOf } from './prompt-segments.ts';

/** Anthropic's API: what each request is answered. Holds the ids given out and the prompt cache. */
export class AnthropicApi {
  readonly #options: ApiOptions;
  readonly #cache = new PromptCache();
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
    const requestId = this.#nextId('req');
    const headers = { 'request-id': requestId, 'anthropic-organization-id': 'org-upstream' };
    const toError = (status: StatusReply): unknown => {
      const { type = errorTypeOf(status.status), message, details } = status;
      return errorBody({ type, message, details, requestId });
    };
    const wanted = reply?.kind === 'answer' || !reply ? (this.#refusal(request) ?? reply) : reply;
    if (wanted && wanted.kind !== 'answer') return plainSteps(wanted, toError, headers);
    if (!asksModel(request)) return this.#lookUp(request, headers, toError);
    return this.#message(request, wanted ?? { kind: 'answer' }, requestId, headers);
  }

  /** Key first, then model, then the rest: the order in which the API complains. */
  #refusal(request: ApiRequest): StatusReply | undefined {
    const { key, headers, body } = request;
    const { models, apiKeys, keyless = false, strict = true } = this.#options;
    if (!key && !keyless) return { kind: 'status', status: 401, message: 'x-api-key header is required' };
    if (key && apiKeys && !apiKeys.includes(key)) return { kind: 'status', status: 401 };
    if (!asksModel(request)) return undefined;
    const complaint = strict ? checkRequest(headers['anthropic-version'], body) : undefined;
    if (complaint !== undefined) return { kind: 'status', status: 400, message: complaint };
    const model = String(objectOf(body)['model']);
    return models && !models.includes(model) ? notFound(`model: ${model}`) : undefined;
  }

  /** An answer of the model, scripted or made up. */
  #message(
    { body, bill }: ApiRequest,
    reply: AnswerReply,
    requestId: string,
    headers: Readonly<Record<string, string>>,
  ): Step[] {
    const wanted = objectOf(body);
    const model = String(wanted['model']);
    const answer = withToolIds(reply.answer ?? defaultAnswer(wanted), () => this.#nextId('toolu'));
    const input = this.#cache.use(model, promptOf(body));
    const facts = { id: this.#nextId('msg'), model, input };
    const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens } = input.cache_creation;
    bill?.(
      billFor(answer, model, {
        inputTokens: input.input_tokens,
        cacheReadTokens: input.cache_read_input_tokens,
        cacheWrite5mTokens: ephemeral_5m_input_tokens,
        cacheWrite1hTokens: ephemeral_1h_input_tokens,
      }),
    );
    return answerSteps(
      { ...reply, answer },
      {
        headers,
        stream: wanted['stream'] === true,
        frames: () => framesOf(answer, facts),
        body: () => messageOf(answer, facts),
        faultFrames: faultFrames(requestId),
        failure: (type, message) => ({
          status: statusOf(type),
          body: errorBody({ type, message, requestId }),
        }),
      },
    );
  }

  /** Everything that is no answer of a model. */
  #lookUp(
    { method, path, body }: ApiRequest,
    headers: Readonly<Record<string, string>>,
    toError: (status: StatusReply) => unknown,
  ): Step[] {
    const models = this.#options.models ?? listedModels;
    const id = /^\/v1\/models\/([^/]+)$/.exec(path)?.[1];
    if (method === 'GET' && path === '/v1/models') return bodySteps(200, modelPage(models), { headers });
    if (method === 'GET' && id && models.includes(id)) return bodySteps(200, modelInfo(id), { headers });
    if (method === 'POST' && path === '/v1/messages/count_tokens') {
      return bodySteps(200, { input_tokens: promptTokens(promptOf(body)) }, { headers });
    }
    return plainSteps(notFound(id ? `model: ${id}` : `${method} ${path}`), toError, headers);
  }

  /** Ids in the API's style, counted up: the same script gives the same ids. */
  #nextId(kind: 'req' | 'msg' | 'toolu'): string {
    this.#ids++;
    return `${kind}_01Upstream${String(this.#ids).padStart(14, '0')}`;
  }
}

function asksModel({ method, path }: ApiRequest): boolean {
  return method === 'POST' && path === '/v1/messages';
}
