// What a host must do with a pool that it mounts.

/** Longest that any of it takes, in milliseconds. */
const LONGEST_MS = 10_000;

function ask(url, body, { key = 'sk-door', signal = AbortSignal.timeout(LONGEST_MS) } = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user', content: 'Hello' }],
      ...body,
    }),
    signal,
  });
}

const slow = { stream: true, messages: [{ role: 'user', content: 'SLOW' }] };

function equal(actual, expected, what) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: is ${is}, should be ${should}`);
}

/** The host upstream is let go soon after its client has left. */
async function letGo({ requests }, withinMs) {
  for (const untilMs = Date.now() + withinMs; Date.now() < untilMs; ) {
    if (requests.every(({ endedMs }) => endedMs !== undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`upstream was not let go within ${withinMs} ms`);
}

export const cases = {
  async plain(url) {
    const response = await ask(url);
    const { choices } = await response.json();
    equal([response.status, choices?.[0]?.message.content], [200, 'Good day to you all.'], 'answer');
  },

  async streamed(url, upstream) {
    const response = await ask(url, slow);
    equal(response.headers.get('content-type')?.split(';')[0], 'text/event-stream', 'type');
    const decoder = new TextDecoder();
    let text = '';
    let wasEarly = false;
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      // A host that gathers an answer before it hands it on shows nothing while upstream still speaks.
      if (text.includes('word1') && upstream.requests.at(-1)?.endedMs === undefined) wasEarly = true;
    }
    equal(wasEarly, true, 'the first words come before the last');
    equal([text.includes('word99'), text.endsWith('data: [DONE]\n\n')], [true, true], 'whole');
  },

  async 'wrong key'(url, upstream) {
    const before = upstream.requests.length;
    const response = await ask(url, {}, { key: 'sk-wrong' });
    const { error } = await response.json();
    equal(
      [response.status, error?.code, upstream.requests.length],
      [401, 'invalid_api_key', before],
      'refusal',
    );
  },

  async abort(url, upstream) {
    const controller = new AbortController();
    const response = await ask(url, slow, { signal: controller.signal });
    await response.body.getReader().read();
    controller.abort();
    await letGo(upstream, 500);
    equal(upstream.requests.at(-1)?.closedByClient, true, 'upstream was cut');
  },
};
