import type { Dialect } from '../dialect.ts';
import { answerEvents } from './answer-events.ts';
import { readResponses } from './read-responses.ts';
import { ResponsesWriter } from './responses-writer.ts';

/**
 * OpenAI's Responses API without its memory: what the client sends is all there is. Errors are those of OpenAI's other
 * endpoints.
 *
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export const responsesDialect: Dialect = {
  name: 'responses',
  read(body) {
    const { request, asked } = readResponses(body);
    return {
      request,
      stream: asked['stream'] === true,
      whole(completion) {
        const writer = new ResponsesWriter(asked);
        writer.write(answerEvents(completion), () => completion.runestone);
        return writer.response;
      },
      writer: () => new ResponsesWriter(asked),
    };
  },
};
