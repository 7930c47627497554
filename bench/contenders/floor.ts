import { history, lastWords } from '../history.ts';
import { question } from '../shapes.ts';
import type { MakeContender } from './contender.ts';

interface Delta {
  readonly type: string;
  readonly delta: { readonly text: string };
}

/**
 * The least a careful person writes by hand: global `fetch`, decode, split into lines, `JSON.parse`.
 *
 * No retry, no timeout, no types, no check that the answer is whole. Of a request: parsed and written again.
 */
export const floor: MakeContender = async (baseURL) => {
  const post = (stream: boolean): Promise<Response> =>
    fetch(`${baseURL}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ ...question, stream }),
    });
  const request = JSON.stringify(history());
  return {
    async stream() {
      const response = await post(true);
      const reader = response.body!.getReader();
      const decoder = new TextDecoder();
      let text = '';
      let rest = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const lines = (rest + decoder.decode(read.value, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (!line.startsWith('data: ')) continue;
          const data: Delta = JSON.parse(line.slice(6));
          if (data.type === 'content_block_delta') text += data.delta.text;
        }
      }
      return text;
    },
    async json() {
      const answer = (await (await post(false)).json()) as { content: { text: string }[] };
      return answer.content[0]?.text ?? '';
    },
    async translate() {
      return lastWords(JSON.stringify(JSON.parse(request)));
    },
  };
};
