import { isRecord } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';
import { InvalidRequestError } from '../errors/index.ts';
import { ChatWriter } from './chat-writer.ts';
import type { Dialect } from './dialect.ts';

/** OpenAI's chat completions. They are the pool's own words, so it is the pool that checks them. */
export const chatDialect: Dialect = {
  name: 'chat_completions',
  read(body) {
    if (!isAsked(body)) {
      throw new InvalidRequestError('the request must be an object with `messages`', {
        param: 'messages',
        reason: 'missing_required_parameter',
      });
    }
    return {
      request: body,
      stream: body.stream === true,
      whole: (completion) => completion,
      writer: () =>
        new ChatWriter({
          includeUsage: body.stream_options?.include_usage === true,
          legacyFunctions: body['functions'] !== undefined,
        }),
    };
  },
};

/** Only an object is needed here: its fields are the pool's to check, and none is relied on before. */
function isAsked(body: unknown): body is ChatRequest {
  return isRecord(body);
}
