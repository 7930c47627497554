/** A provider of your own: any host, any wire, one generator. Routing, retries, breaker, telemetry come with it. */
import { ProviderPool } from 'runestone';
import { type Provider, ProviderError } from 'runestone/provider-kit';
import { startLineServer } from './support.ts';

/** A host that streams its answer as JSON lines. */
function lines(options: { baseURL: string }): Provider {
  const name = 'lines';
  return {
    name,
    defaultModel: 'tiny',
    async *stream({ request, model, signal }) {
      const response = await fetch(`${options.baseURL}/api/chat`, {
        method: 'POST',
        body: JSON.stringify({ model, messages: request.messages }),
        signal,
      });
      if (response.status === 429)
        throw new ProviderError({ provider: name, code: 'rate_limited', message: 'slow down' });
      if (!response.ok || !response.body) {
        const { status } = response;
        throw new ProviderError({
          provider: name,
          code: 'server_error',
          status,
          message: `status ${status}`,
        });
      }
      yield { type: 'start', id: crypto.randomUUID(), model, created: Math.floor(Date.now() / 1000) };
      for await (const line of linesOf(response.body)) {
        const { message, done, prompt_eval_count, eval_count } = JSON.parse(line);
        if (message) yield { type: 'text_delta', text: message.content };
        if (!done) continue;
        yield { type: 'usage', usage: { inputTokens: prompt_eval_count, outputTokens: eval_count } };
        yield { type: 'finish', reason: 'stop', raw: 'done' };
      }
    },
  };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

const pool = new ProviderPool({ providers: [lines({ baseURL: await startLineServer() })] });
const answer = await pool.request({ model: 'lines/tiny', messages: [{ role: 'user', content: 'Hello' }] });
console.log(answer.choices[0]?.message.content);
console.log(answer.runestone.provider, answer.usage);
await pool.close();
