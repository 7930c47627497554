import { AnswerReader, type WireResponse } from '../../provider-kit/index.ts';
import { type ChunkContext, ChunkReducer } from './decode/chunk-reducer.ts';
import { readCompletion } from './decode/read-completion.ts';

/** The end of a stream, and nothing but these characters (V10, T39). */
const END_MARK = '[DONE]';

/** Reads an answer of a Chat Completions API, streamed or whole, through one reducer. */
export function completionReader(response: WireResponse, context: ChunkContext): AnswerReader {
  const reducer = new ChunkReducer(context);
  const { provider, model } = context;
  return new AnswerReader(
    response,
    { provider, model },
    {
      get stopped() {
        return reducer.stopped;
      },
      push(data, out) {
        if (data === END_MARK) return true;
        if (data !== '') reducer.push(JSON.parse(data), out);
        return false;
      },
      end: (out) => reducer.end(out),
      readWhole: (text, out) => readCompletion(JSON.parse(text), reducer, context, out),
    },
  );
}
