import * as z from 'zod';
import type { ChatCompletion } from '../chat/completion.ts';
import { isRecord } from '../chat/json.ts';
import { parseWith } from '../chat/parse-request.ts';
import type { Dialect } from './dialect.ts';
import { TextWriter, textFinish } from './text-writer.ts';

/** As for chats: an answer of the pool has one choice. */
const ONE = 'must be 1: ask several times for several answers';

/** What chat requests do not have, or have otherwise. All else is the pool's to check. */
const textSchema = z.looseObject({
  prompt: z.union([z.string().min(1), z.array(z.string().min(1)).length(1)], {
    error: 'must be text, or a list of one text',
  }),
  echo: z.boolean().nullish(),
  suffix: z.literal('', { error: 'is not supported: a chat model has no text to fill in' }).nullish(),
  n: z.literal(1, { error: ONE }).nullish(),
  best_of: z.literal(1, { error: ONE }).nullish(),
  logprobs: z.int().min(0).nullish(),
});

/**
 * OpenAI's legacy completions: a text goes on. The prompt is asked as one user message, since all models chat today.
 *
 * @see https://developers.openai.com/api/reference/resources/completions
 */
export const textDialect: Dialect = {
  name: 'completions',
  read(body) {
    const {
      prompt,
      echo,
      suffix: _,
      best_of: __,
      logprobs,
      ...rest
    } = parseWith(textSchema, body, 'the request must be an object with `prompt`');
    // The schema has seen to it that there is one.
    const content = String(Array.isArray(prompt) ? prompt[0] : prompt);
    const before = echo === true ? content : '';
    const { stream_options: options } = rest;
    return {
      request: {
        ...rest,
        messages: [{ role: 'user', content }],
        // A number there, a flag here: the provider warns of what it cannot do.
        ...(Number(logprobs) > 0 && { logprobs: true }),
      },
      stream: rest['stream'] === true,
      whole: (completion) => textCompletion(completion, before),
      writer: () => new TextWriter(before, isRecord(options) && options['include_usage'] === true),
    };
  },
};

/** A whole answer in the words of legacy completions, with what the pool knows of it beside. */
function textCompletion(completion: ChatCompletion, before: string): unknown {
  const { id, created, model, usage, runestone, choices } = completion;
  const [choice] = choices;
  const text = before + (choice?.message.content ?? choice?.message.refusal ?? '');
  return {
    id,
    object: 'text_completion',
    created,
    model,
    choices: [{ text, index: 0, logprobs: null, finish_reason: textFinish(choice?.finish_reason) }],
    usage,
    runestone,
  };
}
