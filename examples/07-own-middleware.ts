/** Middlewares of your own: one around each request, one around each upstream try. */
import { type Middleware, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream } from 'runestone/testing';

/** Takes e-mail addresses out before anything leaves the process. */
const redact: Middleware = {
  name: 'redact',
  request(context, next) {
    const messages = context.request.messages.map((message) => ({
      ...message,
      ...(typeof message.content === 'string' && {
        content: message.content.replace(/[\w.+-]+@[\w-]+\.\w+/g, '[e-mail]'),
      }),
    }));
    return next({ ...context, request: { ...context.request, messages } });
  },
};

/** Times every upstream try, whichever way it ends. */
const stopwatch: Middleware = {
  name: 'stopwatch',
  async *attempt(context, next) {
    const beganMs = performance.now();
    let ending = 'left early';
    try {
      yield* next(context);
      ending = 'completed';
    } catch (error) {
      ending = 'failed';
      throw error;
    } finally {
      const tookMs = Math.round(performance.now() - beganMs);
      console.log(
        `stopwatch  attempt ${context.attempt} at ${context.target.label} ${ending} after ${tookMs} ms`,
      );
    }
  },
};

const upstream = await startUpstream({ background: true });
upstream.script(reply.status(500));

const pool = new ProviderPool({
  providers: [anthropic({ apiKey: 'no-key-needed', baseURL: upstream.url })],
  middleware: [redact, stopwatch],
  retry: { baseDelayMs: 50 },
});

const messages = [{ role: 'user', content: 'Write to ada@example.com, please.' }] as const;
const answer = await pool.request({ messages });
console.log(`answer     ${answer.choices[0]?.message.content}`);

await pool.close();
