import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../src/chat/normalize.ts';
import { parseRequest } from '../../src/chat/parse-request.ts';
import { InvalidRequestError } from '../../src/errors/index.ts';

const messages = [{ role: 'user', content: 'hi' }];

function refusal(input: unknown, stream = false): InvalidRequestError {
  try {
    parseRequest(input, stream);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  return expect.unreachable('was accepted');
}

/** One wrong thing in a request that is right otherwise. */
const wrong = (fields: object): [param: string | null | undefined, reason: string | undefined] => {
  const { param, reason } = refusal({ messages, ...fields });
  return [param, reason];
};
const wrongMessage = (message: unknown) => wrong({ messages: [...messages, message] });

describe('a request that is right', () => {
  const full = {
    model: 'fast',
    messages: [
      { role: 'system', content: 's' },
      { role: 'developer', content: [{ type: 'text', text: 'd' }] },
      {
        role: 'user',
        name: 'anna',
        content: [
          { type: 'text', text: 'look', cache_control: { type: 'ephemeral' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: null } },
          { type: 'file', file: { file_data: 'data:', filename: 'a.pdf' } },
          { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{' } }],
        thinking_blocks: [{ type: 'redacted_thinking', data: 'd' }],
      },
      { role: 'tool', tool_call_id: 'c', content: '' },
      { role: 'assistant', function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: 'r' },
    ],
    ...{ max_completion_tokens: 10, temperature: 2, top_p: 0.5, stop: ['a', 'b'], seed: -1, n: 1, user: 'u' },
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: null } }],
    ...{ tool_choice: 'auto', parallel_tool_calls: false, reasoning_effort: 'xhigh', metadata: { a: 'b' } },
    response_format: { type: 'json_schema', json_schema: { name: 's', schema: {} } },
    future_field: { anything: [1, null] },
  };

  it('comes out as it went in, with its stream flag', () => {
    expect(parseRequest(full, true)).toEqual({ ...full, stream: true });
  });

  it.each([
    ['tool_choice', { type: 'function', function: { name: 'f' } }],
    ['tool_choice', 'none'],
    ['stop', 'x'],
    ['stop', []],
    ['tools', []],
    ['max_tokens', 0],
    ['response_format', { type: 'json_object' }],
    ['function_call', { name: 'f' }],
    ['functions', [{ name: 'f', parameters: {} }]],
    ['reasoning_effort', 'none'],
  ])('may have %s: %j', (field, value) => {
    expect(parseRequest({ messages, [field]: value }, false)[field]).toEqual(value);
  });

  it.each([
    'model',
    'temperature',
    'stop',
    'tools',
    'tool_choice',
    'response_format',
    'n',
    'stream',
    'metadata',
  ])('may say null for %s, which equals absent (REQ-38)', (field) => {
    expect(parseRequest({ messages, [field]: null }, false)).toEqual({ messages, stream: false });
  });

  it('is a copy: what the caller changes afterwards changes nothing', () => {
    const input = { messages: [{ role: 'user', content: [{ type: 'text', text: 'before' }] }] };
    const request = parseRequest(input, false);
    const part = input.messages[0]?.content[0];
    if (part) part.text = 'after';
    input.messages.push({ role: 'user', content: [] });
    expect(request.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'before' }] }]);
  });

  it('may be frozen, and may have no prototype', () => {
    const bare = Object.assign(Object.create(null), { messages: Object.freeze([...messages]) });
    expect(parseRequest(Object.freeze(bare), false)).toEqual({ messages, stream: false });
  });

  it('is canonical: parsing what came out changes nothing', () => {
    const request = fc.record(
      {
        model: fc.option(fc.string({ minLength: 1 })),
        temperature: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        stop: fc.option(fc.oneof(fc.string(), fc.array(fc.string()))),
        user: fc.option(fc.string()),
        extension: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, fc.boolean(), (fields, stream) => {
        const once = parseRequest({ messages, ...fields }, stream);
        expect(parseRequest(once, stream)).toStrictEqual(once);
        expect(normalize(once, stream)).toStrictEqual(once);
      }),
      { numRuns: 200 },
    );
  });
});

describe('messages (REQ-1)', () => {
  it.each([
    ['missing', {}, 'missing_required_parameter'],
    ['null', { messages: null }, 'invalid_type'],
    ['undefined', { messages: undefined }, 'missing_required_parameter'],
    ['a text', { messages: 'hi' }, 'invalid_type'],
    ['an object', { messages: { 0: messages[0] } }, 'invalid_type'],
    ['empty', { messages: [] }, 'missing_required_parameter'],
  ])('that are %s are refused', (_, input, reason) => {
    expect(refusal(input)).toMatchObject({ code: 'invalid_request', param: 'messages', reason });
  });

  it.each([undefined, null, 'hi', 42, true, [], messages, () => {}, Symbol('x'), 1n])(
    'cannot be found in %s, which is no request',
    (input) => {
      const error = refusal(input);
      expect(error).toMatchObject({ param: null, reason: 'invalid_type' });
      expect(error.message).toBe('invalid request: the request must be an object with `messages`');
    },
  );
});

describe('a wrong message', () => {
  it.each<[unknown, string, string]>([
    [{ role: 'wizard', content: 'x' }, 'messages[1].role', 'invalid_value'],
    [{ role: 5, content: 'x' }, 'messages[1].role', 'invalid_value'],
    [{ content: 'x' }, 'messages[1].role', 'missing_required_parameter'],
    ['hi', 'messages[1]', 'invalid_type'],
    [null, 'messages[1]', 'invalid_type'],
    [{ role: 'user', content: 5 }, 'messages[1].content', 'invalid_type'],
    [{ role: 'user', content: {} }, 'messages[1].content', 'invalid_type'],
    [{ role: 'user', content: ['hi'] }, 'messages[1].content[0]', 'invalid_type'],
    [{ role: 'user', content: [{}] }, 'messages[1].content[0].type', 'missing_required_parameter'],
    [
      { role: 'user', content: [{ type: 'text' }] },
      'messages[1].content[0].text',
      'missing_required_parameter',
    ],
    [{ role: 'user', content: [{ type: 'text', text: 5 }] }, 'messages[1].content[0].text', 'invalid_value'],
    [
      { role: 'user', content: [{ type: 'image_url' }] },
      'messages[1].content[0].image_url',
      'missing_required_parameter',
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: {} }] },
      'messages[1].content[0].image_url.url',
      'missing_required_parameter',
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: '' } }] },
      'messages[1].content[0].image_url.url',
      'invalid_value',
    ],
    [
      { role: 'user', content: [{ type: 'file', file: { file_id: 7 } }] },
      'messages[1].content[0].file.file_id',
      'invalid_value',
    ],
    [{ role: 'user', name: 7, content: 'x' }, 'messages[1].name', 'invalid_type'],
    [{ role: 'tool', tool_call_id: 7, content: 'x' }, 'messages[1].tool_call_id', 'invalid_type'],
    [{ role: 'assistant', tool_calls: {} }, 'messages[1].tool_calls', 'invalid_type'],
    [
      { role: 'assistant', tool_calls: [{ function: { name: 'f' } }] },
      'messages[1].tool_calls[0].function.arguments',
      'missing_required_parameter',
    ],
    [
      { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: {} } }] },
      'messages[1].tool_calls[0].function.arguments',
      'invalid_type',
    ],
    [
      { role: 'assistant', tool_calls: [{ function: { name: '', arguments: '' } }] },
      'messages[1].tool_calls[0].function.name',
      'invalid_value',
    ],
    [
      { role: 'assistant', function_call: { name: 'f' } },
      'messages[1].function_call.arguments',
      'missing_required_parameter',
    ],
  ])('%j is refused at %s (MSG-13)', (message, param, reason) => {
    expect(wrongMessage(message)).toEqual([param, reason]);
  });
});

describe('a wrong field', () => {
  it.each<[object, string, string]>([
    [{ model: '' }, 'model', 'invalid_value'],
    [{ model: 5 }, 'model', 'invalid_type'],
    [{ model: [] }, 'model', 'invalid_type'],
    [{ model: 'm'.repeat(513) }, 'model', 'invalid_value'],
    [{ max_tokens: -1 }, 'max_tokens', 'invalid_value'],
    [{ max_tokens: 1.5 }, 'max_tokens', 'invalid_type'],
    [{ max_completion_tokens: '10' }, 'max_completion_tokens', 'invalid_type'],
    [{ temperature: '1' }, 'temperature', 'invalid_type'],
    [{ top_p: true }, 'top_p', 'invalid_type'],
    [{ frequency_penalty: {} }, 'frequency_penalty', 'invalid_type'],
    [{ presence_penalty: [] }, 'presence_penalty', 'invalid_type'],
    [{ stop: 5 }, 'stop', 'invalid_type'],
    [{ stop: ['a', 5] }, 'stop[1]', 'invalid_type'],
    [{ stream: 'yes' }, 'stream', 'invalid_type'],
    [
      { stream: true, stream_options: { include_usage: 'yes' } },
      'stream_options.include_usage',
      'invalid_type',
    ],
    [{ tools: {} }, 'tools', 'invalid_type'],
    [{ tools: [{}] }, 'tools[0].type', 'missing_required_parameter'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function', 'missing_required_parameter'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', 'missing_required_parameter'],
    [
      { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
      'tools[0].function.parameters',
      'invalid_type',
    ],
    [{ tool_choice: 'perhaps' }, 'tool_choice', 'invalid_type'],
    [{ tool_choice: {} }, 'tool_choice.type', 'missing_required_parameter'],
    [{ parallel_tool_calls: 1 }, 'parallel_tool_calls', 'invalid_type'],
    [{ functions: [{}] }, 'functions[0].name', 'missing_required_parameter'],
    [{ function_call: {} }, 'function_call.name', 'missing_required_parameter'],
    [{ response_format: {} }, 'response_format.type', 'missing_required_parameter'],
    [{ response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value'],
    [
      { response_format: { type: 'json_schema' } },
      'response_format.json_schema',
      'missing_required_parameter',
    ],
    [
      { response_format: { type: 'json_schema', json_schema: {} } },
      'response_format.json_schema.name',
      'missing_required_parameter',
    ],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort', 'invalid_value'],
    [{ n: 2 }, 'n', 'unsupported_value'],
    [{ n: 0 }, 'n', 'unsupported_value'],
    [{ n: '1' }, 'n', 'unsupported_value'],
    [{ seed: 1.5 }, 'seed', 'invalid_type'],
    [{ user: 7 }, 'user', 'invalid_type'],
    [{ metadata: 'x' }, 'metadata', 'invalid_type'],
  ])('%j is refused at %s (REQ)', (fields, param, reason) => {
    expect(wrong(fields)).toEqual([param, reason]);
  });

  it('is named in a message for people, whose `n` says what to do (REQ-21)', () => {
    expect(refusal({ messages, n: 3 }).message).toBe(
      'invalid request: n: must be 1: ask several times for several answers',
    );
    expect(refusal({ messages, temperature: 'hot' }).message).toBe(
      'invalid request: temperature: expected number, received string',
    );
  });

  it('is listed with the others, in order; the first is `param`', () => {
    const error = refusal({ messages: [{ role: 'x' }], model: 5, temperature: '1' });
    expect(error.param).toBe('messages[0].role');
    expect(error.message).toMatch(/messages\[0\]\.role: .*; model: .*; temperature: /);
  });

  it('is counted once five are listed', () => {
    const error = refusal({ messages: Array.from({ length: 12 }, () => ({ role: 'x' })) });
    expect(error.message.match(/messages\[/g)).toHaveLength(5);
    expect(error.message).toMatch(/; and 7 more$/);
  });

  it('is never quoted: its value may be a prompt or a key', () => {
    const canary = 'sk-live-canary';
    for (const fields of [
      { model: [canary] },
      { messages: [{ role: canary }] },
      { messages: [{ role: 'user', content: { text: canary } }] },
      { temperature: canary },
      { response_format: { type: canary } },
      { reasoning_effort: canary },
      { n: canary },
    ]) {
      const error = refusal({ messages, ...fields });
      expect(error.message + JSON.stringify(error)).not.toContain(canary);
    }
  });
});

describe('stream_options (REQ-12)', () => {
  const options = { stream_options: { include_usage: true } };

  it('need a stream', () => {
    expect(wrong(options)).toEqual(['stream_options', 'invalid_value']);
    expect(wrong({ ...options, stream: false })).toEqual(['stream_options', 'invalid_value']);
    expect(wrong({ stream_options: {} })).toEqual(['stream_options', 'invalid_value']);
  });

  it('are fine when the method or the request says stream', () => {
    expect(parseRequest({ messages, ...options }, true)).toMatchObject(options);
    expect(parseRequest({ messages, ...options, stream: true }, false)).toMatchObject({
      ...options,
      stream: false,
    });
    expect(parseRequest({ messages, stream_options: null }, false)).toEqual({ messages, stream: false });
  });
});

describe('a hostile request (I1, I3, I4)', () => {
  const getter = (target: object, key: PropertyKey): object =>
    Object.defineProperty(target, key, {
      enumerable: true,
      get() {
        throw new Error('side effect');
      },
    });
  const cycle: { messages: unknown; self?: unknown } = { messages };
  cycle.self = { again: cycle };
  let deep: unknown = 'bottom';
  for (let level = 0; level < 100_000; level++) deep = { d: deep };
  const revoked = Proxy.revocable({ messages }, {});
  revoked.revoke();
  const trapped = new Proxy(
    { messages },
    {
      ownKeys: () => {
        throw new Error('trap');
      },
    },
  );

  it.each<[string, unknown, RegExp | null]>([
    ['a cycle', cycle, /^self\.again\.self/],
    ['100,000 levels', { messages, metadata: deep }, /^metadata\.d\.d/],
    ['a bigint', { messages, seed: 1n }, /^seed$/],
    ['a function', { messages, tools: [{ type: 'function', execute: () => {} }] }, /^tools\[0\]\.execute$/],
    [
      'a class instance',
      { messages: [{ role: 'user', content: new URL('https://a.example') }] },
      /^messages\[0\]\.content$/,
    ],
    ['a throwing getter', { messages: [getter({ role: 'user' }, 'content')] }, /^messages\[0\]\.content$/],
    ['a throwing element', { messages: getter([], 0) }, /^messages\[0\]$/],
    ['a revoked proxy', revoked.proxy, null],
    ['a revoked proxy inside', { messages, metadata: revoked.proxy }, null],
    ['a proxy that throws', trapped, null],
  ])('with %s is refused before anything is sent', (_, input, param) => {
    const error = refusal(input);
    expect(error).toMatchObject({ code: 'invalid_request', reason: 'invalid_value' });
    if (param) expect(error.param).toMatch(param);
    else expect(error.param).toBeNull();
    expect(error.message.length + String(error.param).length).toBeLessThan(600);
    expect(error.message).not.toContain('side effect');
  });

  it('cannot smuggle fields past the check by `__proto__` (I1)', () => {
    const smuggling = '{"messages":[{"role":"user","content":"x"}],"__proto__":{"n":5,"tools":"none"}}';
    const request = parseRequest(JSON.parse(smuggling), false);
    expect(request.n).toBeUndefined();
    expect(request.tools).toBeUndefined();
    expect(Object.getPrototypeOf(request)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('n');
  });

  it('keeps `__proto__` and `constructor` inside tool schemas as data (I1)', () => {
    const schema =
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}';
    const tools = [{ type: 'function', function: { name: 'f', parameters: JSON.parse(schema) } }];
    const request = parseRequest({ messages, tools }, false);
    expect(JSON.stringify(request.tools?.[0]?.function?.parameters)).toBe(schema);
  });

  it('is read once: a getter cannot show one thing to the check and another to the host', () => {
    let reads = 0;
    const shifty = {
      role: 'user',
      get content() {
        return reads++ === 0 ? 'checked' : 5;
      },
    };
    expect(parseRequest({ messages: [shifty] }, false).messages).toEqual([
      { role: 'user', content: 'checked' },
    ]);
    expect(reads).toBe(1);
  });

  it('of any JSON is accepted or refused, never something else', () => {
    const field = fc.constantFrom(
      'messages',
      'model',
      'tools',
      'stop',
      'tool_choice',
      'response_format',
      'n',
      'content',
    );
    const soup = fc.dictionary(fc.oneof(field, fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(soup, fc.boolean(), (fields, withMessages) => {
        try {
          parseRequest(withMessages ? { ...fields, messages } : fields, false);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
