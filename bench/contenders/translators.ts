import { parseRequest } from '../../src/chat/parse-request.ts';
import { encodeRequest } from '../../src/providers/anthropic/encode/index.ts';
import { requireClaudeModel } from '../../src/providers/anthropic/models/resolve-claude.ts';
import { encodeChat } from '../../src/providers/openai-compatible/encode/index.ts';
import { preset } from '../../src/providers/openai-compatible/index.ts';
import { history, lastWords } from '../history.ts';
import type { MakeContender } from './contender.ts';

/**
 * The way of a request from the caller's object to the bytes that are sent: checked and copied, translated, written.
 *
 * From the sources, because the package does not export its encoders.
 *
 * @param encode - the body for the host
 */
function translator(encode: (request: ReturnType<typeof parseRequest>) => unknown): MakeContender {
  return async () => {
    // As it comes out of a parser, and not as the pieces it was put together from here.
    const request: unknown = JSON.parse(JSON.stringify(history()));
    return {
      async translate() {
        return lastWords(JSON.stringify(encode(parseRequest(request, true))));
      },
    };
  };
}

const way = { stream: true, strict: false } as const;

/** The request for Claude. */
export const toAnthropic: MakeContender = translator((request) => {
  const model = requireClaudeModel('claude-sonnet-5-5', 'anthropic');
  return encodeRequest(request, model, { ...way, provider: 'anthropic', retiredModels: 'warn' }).body;
});

const { quirks = {} } = preset('openai', { apiKey: 'k' });

/** The request for OpenAI. */
export const toOpenAI: MakeContender = translator(
  (request) =>
    encodeChat(request, { ...way, provider: 'openai', model: 'gpt-5.5', spec: undefined, quirks }).body,
);
