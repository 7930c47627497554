import { gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labFaults, startLab, type WireName } from '../../../src/testing/index.ts';
import { faultNamed } from '../../../src/testing/lab/fault-table.ts';
import { askLab, type Seen } from './ask-lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

/** The four words of an answer, as many of them as come before the fault. */
const words = (count: number): string =>
  Array.from({ length: count }, (_, at) => `${at === 0 ? '' : ' '}nonce-x1.${at}`).join('');

/** The text that a stream's events spell, of whichever wire, up to where they are whole. */
function spelt(body: string): string {
  const pieces = body.split(/\r\n\r\n|\n\n|\r\r/).map((block) => {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
    try {
      const data = JSON.parse(lines.map((line) => line.slice(5)).join('\n'));
      return data.choices?.[0]?.delta?.content ?? data.delta?.text ?? '';
    } catch {
      return '';
    }
  });
  return pieces.join('');
}

const END = /message_stop|\[DONE\]/;
const FINISH = /"stop_reason":"|"finish_reason":"/;

type Row = readonly [
  fault: string,
  facts: Partial<Pick<Seen, 'status' | 'ending'>> & {
    readonly says?: string;
    readonly has?: RegExp;
    readonly lacks?: RegExp;
  },
];

async function check(fault: string, facts: Row[1], wire: WireName, stream: boolean): Promise<void> {
  // A busy machine is silent for a while too.
  const patience = facts.ending === 'open' ? { waitMs: 150, maxMs: 500 } : { waitMs: 3_000 };
  const seen = await askLab(lab, fault, { wire, stream, ...patience, enoughBytes: 400_000 });
  const { says, has, lacks, ...rest } = facts;
  expect(seen).toMatchObject(rest);
  if (says !== undefined) expect(spelt(seen.body)).toBe(says);
  if (has) expect(seen.text).toMatch(has);
  if (lacks) expect(seen.text).not.toMatch(lacks);
}

/** What the same fault does on both wires, streamed. */
const both: readonly Row[] = [
  ['ok', { status: 200, ending: 'end', says: words(4), has: END }],
  ['reset-before-headers', { status: undefined, ending: 'reset' }],
  ['close-before-headers', { status: undefined, ending: 'end' }],
  ['reset-on-request', { status: undefined, ending: 'reset' }],
  ['hang-before-headers', { status: undefined, ending: 'open' }],
  ['no-read', { status: undefined, ending: 'open' }],
  ['slow-headers;ms=20', { ending: 'open', has: /x-slow: a{3,}$/ }],
  ['partial-headers-close', { ending: 'end', has: /content-le$/ }],
  ['bad-status-line', { status: undefined, ending: 'open', has: /^SSH-2\.0/ }],
  ['header-overflow', { ending: 'open', has: /x-big: a{65536}\r\n\r\n$/ }],
  [
    'informational-flood;count=3',
    { says: words(4), has: /^(?:HTTP\/1\.1 103[\s\S]*?\r\n\r\n){3}HTTP\/1\.1 200/ },
  ],
  ['early-413', { status: 413, ending: 'end', has: /request_too_large/ }],
  ['reset-after-headers', { status: 200, ending: 'reset', has: /\r\n\r\n$/ }],
  ['close-after-headers', { status: 200, ending: 'end', has: /\r\n\r\n$/ }],
  ['hang-after-headers', { status: 200, ending: 'open', has: /\r\n\r\n$/ }],
  ['reset-before-content', { ending: 'reset', says: '', has: /"role":"assistant"/ }],
  ['stall-before-content', { ending: 'open', says: '', has: /"role":"assistant"/ }],
  ['keepalive-race', { ending: 'end', says: words(4) }],
  ['reset-mid-event', { ending: 'reset', says: words(2), has: /data: \{[^}]+$/, lacks: FINISH }],
  ['close-mid-event', { ending: 'end', says: words(2), lacks: FINISH }],
  ['eof-mid-event', { ending: 'end', says: words(2), has: /\r\n0\r\n\r\n$/, lacks: FINISH }],
  ['reset-mid-stream', { ending: 'reset', says: words(2), lacks: FINISH }],
  ['reset-mid-stream;at=3', { ending: 'reset', says: words(3), lacks: FINISH }],
  ['close-mid-stream', { ending: 'end', says: words(2), lacks: /0\r\n\r\n$/ }],
  ['eof-mid-stream', { ending: 'end', says: words(2), has: /\r\n0\r\n\r\n$/, lacks: FINISH }],
  ['eof-mid-stream-close', { ending: 'end', says: words(2), lacks: /transfer-encoding|content-length/i }],
  ['eof-before-finish', { ending: 'end', says: words(4), lacks: FINISH }],
  ['eof-before-stop', { ending: 'end', says: words(4), has: FINISH, lacks: END }],
  ['reset-before-stop', { ending: 'reset', says: words(4), has: FINISH, lacks: END }],
  ['reset-after-stop', { ending: 'reset', says: words(4), has: END }],
  ['hang-after-stop', { ending: 'open', says: words(4), has: END }],
  ['stall', { ending: 'open', says: words(2) }],
  ['stall;ms=30', { ending: 'end', says: words(4), has: END }],
  ['stall-mid-event', { ending: 'open', says: words(2), has: /data: \{[^}]+$/ }],
  [
    'keepalive-only;every=5',
    { ending: 'open', says: words(2), has: /(?:ping|keep-alive)[\s\S]*(?:ping|keep-alive)/ },
  ],
  ['drip;ms=2;n=6', { ending: 'end', says: words(6), has: END }],
  ['content-length-short', { ending: 'end', says: words(2), has: /content-length: 100000/ }],
  ['content-length-long', { says: words(4), has: /PLANTED$/ }],
  ['bad-chunk-size', { ending: 'open', says: words(2), has: /\r\nzz\r\n$/ }],
  ['trailers', { ending: 'end', says: words(4), has: /\r\n0\r\nx-checksum: 1\r\n\r\n$/ }],
  ['crlf', { says: words(4), has: /data: [^\r\n]+\r\n/ }],
  ['cr', { says: words(4), has: /data: [^\r\n]+\r[^\n]/ }],
  ['mixed-eol', { has: /\}\n\n[\s\S]*\}\r\n\r\n[\s\S]*\}\r\r/ }],
  ['crlf-split', { says: words(4) }],
  ['bom', { has: /\xef\xbb\xbf/ }],
  ['comments', { says: words(4), has: /\n: a comment\n/ }],
  ['id-retry-fields', { says: words(4), has: /id: 7\nretry: 10\ncolour: blue\nbare\n/ }],
  ['multiline-data', { says: words(4), has: /data: \{\ndata: / }],
  ['no-space', { says: words(4), has: /\ndata:\{/, lacks: /data: / }],
  ['no-event-names', { says: words(4), lacks: /\nevent:/ }],
  ['event-name-mismatch', { says: words(4), has: /event: ping\ndata: [^\n]*nonce/ }],
  ['no-final-blank-line', { ending: 'end', has: /(?:\[DONE\]|\})\n\r\n0\r\n\r\n$/ }],
  ['split-bytes;size=9', { says: words(4), has: /\r\n9\r\n.{9}\r\n9\r\n/s }],
  ['one-chunk', { says: words(4) }],
  ['utf8-split', { has: /\r\n1\r\n\xe4\r\n1\r\n\xb8\r\n1\r\n\x96\r\n/ }],
  ['surrogate-split', { has: /\\ud83d"[\s\S]*"\\ude00/ }],
  ['lone-surrogate', { has: /\\ud83d"/ }],
  ['invalid-utf8', { has: /\xff\xff/ }],
  ['nul-bytes', { has: /: \0\0\n[\s\S]*\\u0000/ }],
  ['gzip-lie', { says: words(4), has: /content-encoding: gzip/ }],
  ['encoding-chain', { says: words(4), has: /content-encoding: (?:gzip, ){119}gzip\r\n/ }],
  ['giant-event;mb=0.1', { says: `nonce-x1-${'x'.repeat(0.1 * 1024 * 1024)}` }],
  ['endless-line', { ending: 'open', says: '', has: /data: \r\n10000\r\na{60000}/ }],
  ['many-tiny;count=1201', { says: `nonce-x1${' a'.repeat(1_201)}`, has: END }],
  ['firehose', { ending: 'open', has: /(?:nonce-x1\.0[\s\S]*?){50}/ }],
  ['html-200', { status: 200, has: /text\/html[\s\S]*<!doctype html>/ }],
  ['html-as-sse', { status: 200, has: /text\/event-stream[\s\S]*<!doctype html>/ }],
  ['json-error-200', { status: 200, has: /application\/json[\s\S]*"error":\{/ }],
  ['json-error-as-sse', { status: 200, has: /text\/event-stream[\s\S]*\r\n\{"/ }],
  ['json-for-stream', { status: 200, has: /application\/json[\s\S]*nonce-x1\.3"/ }],
  ['wrong-content-type', { says: words(4), has: /content-type: text\/plain/ }],
  ['no-content-type', { says: words(4), lacks: /content-type/i }],
  ['empty-200', { status: 200, has: /content-length: 0\r\n/ }],
  ['status-204', { status: 204, ending: 'open' }],
  ['zero-events', { status: 200, has: /text\/event-stream[\s\S]*\r\n\r\n0\r\n\r\n$/ }],
  ['only-pings', { says: '', has: /ping|keep-alive/, lacks: /nonce/ }],
  ['no-content', { says: '', has: FINISH, lacks: /nonce/ }],
  ['unknown-event', { says: words(4), has: /hologram/ }],
  ['unknown-block', { says: words(4), has: /hologram/ }],
  ['unknown-stop-reason', { says: words(4), has: /"bored"/ }],
  ['duplicate-start', { says: words(4), has: /"role":"assistant"[\s\S]*"role":"assistant"/ }],
  ['content-before-start', { says: words(4), lacks: /"role":"assistant"/ }],
  ['delta-unknown-index', { has: /"index":42[\s\S]*STRAY/ }],
  ['hostile-index', { has: /"index":"__proto__"/ }],
  ['hostile-index;i=negative', { has: /"index":-1/ }],
  ['hostile-index;i=half', { has: /"index":0\.5/ }],
  ['hostile-index;i=huge', { has: /"index":4294967295/ }],
  ['hostile-index;i=null', { has: /"index":null/ }],
  ['events-after-stop', { has: /(?:message_stop|\[DONE\])[\s\S]*STRAY/ }],
  ['fake-done', { says: words(4), has: /data: \[DONE\]\.\n/ }],
  ['malformed-json', { has: /data: \{"type":"content_block_delta","canary":"STRAY","in\n/ }],
  ['non-object-json;v=42', { says: words(4), has: /data: 42\n/ }],
  ['proto-keys', { says: words(4), has: /data: \{"__proto__":\{"polluted":1\}/ }],
  ['deep-json', { has: /\[{1000}/ }],
  ['model-mismatch', { says: words(4), has: /"model":"model-of-another-name"/ }],
  ['error-first', { status: 200, says: '', has: /"message":"Overloaded"/ }],
  ['error-before-content', { says: '', has: /"role":"assistant"[\s\S]*"message":"Overloaded"/ }],
  ['error-mid-stream', { says: words(2), has: /"message":"Overloaded"/, lacks: FINISH }],
  ['error-unnamed', { says: words(2), has: /"message":"Overloaded"/, lacks: /\nevent:/ }],
  ['error-mid-hang', { ending: 'open', says: words(2), has: /"message":"Overloaded"/ }],
  ['error-bad-request-first', { says: '', has: /invalid_request_error/ }],
  ['error-then-success', { says: words(4), has: /"message":"Overloaded"[\s\S]*nonce-x1\.3/ }],
  ['tool-truncated', { has: /\{\\"city\\":[\s\S]*\\"nonce-x1"/, lacks: /nonce-x1\\"\}/ }],
  ['tool-cut', { ending: 'reset', has: /\{\\"city\\":/, lacks: FINISH }],
  ['tool-invalid-json', { has: /"not"[\s\S]*" json"/ }],
  ['tool-empty-args', { has: /"weather"/, lacks: /city/ }],
  ['tool-duplicate-id', { has: /same_id[\s\S]*same_id/ }],
  ['usage-missing', { says: words(4), lacks: /"usage"/ }],
  ['usage-null', { says: words(4), has: /"usage":null/, lacks: /"usage":\{/ }],
  ['usage-hostile', { says: words(4), has: /_tokens":-5/ }],
  ['usage-hostile;v=text', { has: /_tokens":"12"/ }],
  ['usage-hostile;v=infinite', { has: /_tokens":1e999/ }],
  ['usage-after-stop', { says: words(4) }],
  ['input-tokens-revised', { says: words(4), has: /_tokens":43[\s\S]*_tokens":61/ }],
  ['400-context-length', { status: 400, has: /too long|context length/ }],
  ['429-spend-limit', { status: 429, has: /spend_limit|insufficient_quota/ }],
  ['403-html', { status: 403, has: /<h1>Attention Required/ }],
  ['502-html', { status: 502, has: /<h1>502/ }],
  ['503-html', { status: 503, has: /<h1>503/ }],
  ['504-html', { status: 504, has: /<h1>504/ }],
  ['500-should-not-retry', { status: 500, has: /x-should-retry: false/ }],
  ['400-should-retry', { status: 400, has: /x-should-retry: true/ }],
  ['500-hang-body', { status: 500, ending: 'open', has: /\r\n\r\n$/ }],
  ['500-hang-body;status=400', { status: 400, ending: 'open' }],
  ['500-reset-body', { status: 500, ending: 'reset', has: /\{"error":\{"mess/ }],
  ['500-empty', { status: 500, has: /content-length: 0/ }],
  ['500-giant-body', { status: 500, ending: 'open', has: /a{60000}/ }],
  ['400-deep-body', { status: 400, has: /(?:\{"a":){1000}/ }],
  ['400-echoes-key', { status: 400, has: /sk-secret-key[\s\S]*Say it, nonce-x1/ }],
  ['429-seconds;s=3', { status: 429, has: /retry-after: 3\r/ }],
  ['429-ms;ms=70', { status: 429, has: /retry-after-ms: 70\r/ }],
  ['429-both', { has: /retry-after: 30\r\nretry-after-ms: 200\r/ }],
  ['429-float', { has: /retry-after: 0\.2\r/ }],
  ['429-nan', { has: /retry-after: soon\r/ }],
  ['429-empty', { has: /retry-after: \r/ }],
  ['429-zero', { has: /retry-after: 0\r/ }],
  ['429-negative', { has: /retry-after: -5\r/ }],
  ['429-date-past', { has: /retry-after: \w{3}, \d\d/ }],
  ['429-10h', { has: /retry-after: 36000\r/ }],
  ['429-huge', { has: /retry-after: 99999999999\r/ }],
  [
    '429-reset-headers',
    { has: /remaining(?:-requests)?: 0\r[\s\S]*reset(?:-requests)?: (?:1m12\.5s|\d{4}-)/ },
  ],
  ['redirect-other-host', { status: 307, has: /location: http:\/\/localhost:\d+\// }],
  ['redirect-other-port', { status: 308, has: /location: http:\/\/127\.0\.0\.1:\d+\// }],
  ['redirect-302', { status: 302, has: /location: http:\/\/127\.0\.0\.1:\d+\// }],
  ['redirect-metadata', { status: 307, has: /location: http:\/\/localhost:\d+\/latest\/meta-data\// }],
  ['redirect-file', { status: 307, has: /location: file:\/\/\// }],
  ['redirect-loop', { status: 307, has: /location: http:\/\/127\.0\.0\.1:\d+\/lab\/redirect-loop\// }],
  ['redirect-same', { status: 307, has: /location: http:\/\/127\.0\.0\.1:\d+\/trap\// }],
];

/** What only one wire has. */
const single: readonly (readonly [WireName, ...Row])[] = [
  ['anthropic', 'spliced-message', { has: /msg_other[\s\S]*toolu_other/ }],
  ['anthropic', 'block-not-closed', { says: words(4), lacks: /content_block_stop/ }],
  [
    'anthropic',
    'content-in-start',
    { says: '', has: /message_start[\s\S]*nonce-x1\.3"/, lacks: /content_block/ },
  ],
  ['openai', 'leading-empty-choices', { says: words(4), has: /"choices":\[\],"[\s\S]*"role":"assistant"/ }],
  ['openai', 'one-shot-tool', { has: /"arguments":"\{\\"city\\":\\"nonce-x1\\"\}"/ }],
  ['openai', 'empty-tool-id', { has: /"id":"","type":"function"/ }],
  ['openai', 'empty-tool-name', { has: /"name":"weather"[\s\S]*"name":""/ }],
  ['openai', 'reasoning-content', { says: words(4), has: /"reasoning_content":"Hm\."/ }],
  ['openai', 'finish-with-content', { says: words(4), has: /nonce-x1\.3"\}[^}]*"finish_reason":"stop"/ }],
  ['openai', 'obfuscation', { says: words(4), has: /"obfuscation":"x{40}"/ }],
  ['openai', 'tool-args-object', { has: /"arguments":\{"city":"nonce-x1"\}/ }],
  ['openai', 'tool-no-index', { has: /call_a[\s\S]*call_b/, lacks: /"tool_calls":\[\{"index"/ }],
  ['openai', 'usage-every-chunk', { has: /"completion_tokens":1,[\s\S]*"completion_tokens":2,/ }],
  ['openai', 'x-groq-usage', { has: /"x_groq":\{"usage":\{/ }],
];

/** What becomes of a fault where one JSON body is the answer. */
const whole: readonly Row[] = [
  ['ok', { status: 200, has: /nonce-x1\.3"/ }],
  ['reset-mid-stream', { ending: 'reset', has: /nonce-x1/, lacks: /\}\}\r\n$/ }],
  ['eof-mid-stream', { ending: 'end', has: /\r\n0\r\n\r\n$/ }],
  ['sse-for-json', { says: words(4), has: /text\/event-stream/ }],
  ['error-first', { has: /"message":"Overloaded"/, lacks: /HTTP\/1\.1 200/ }],
  ['error-then-success', { has: /"message":"Overloaded"/, lacks: /HTTP\/1\.1 200/ }],
  ['endless-line', { ending: 'open', has: /\{"id":"\r\n10000\r\na{60000}/ }],
  ['usage-null', { has: /"usage":null/ }],
  ['usage-hostile;v=infinite', { has: /_tokens":1e999/ }],
  ['proto-keys', { has: /\{"__proto__":\{"polluted":1\}/ }],
  ['zero-events', { status: 200, lacks: /nonce/ }],
];

describe.each(['anthropic', 'openai'] as const)('on the wire of %s', (wire) => {
  it.concurrent.each(both)('%s', (fault, facts) => check(fault, facts, wire, true));
  it.concurrent.each(single.filter(([only]) => only === wire))('%s alone: %s', (_, fault, facts) =>
    check(fault, facts, wire, true),
  );
  it.concurrent.each(whole)('%s, as a whole', (fault, facts) => check(fault, facts, wire, false));

  it.each(
    Object.keys(labFaults).filter((name) => name.startsWith('status-4') || name.startsWith('status-5')),
  )('%s is what it is called, in the words of the wire', (fault) =>
    check(fault, { status: Number(fault.slice(7)), has: /"message":"/ }, wire, true),
  );

  it('429-date names a date after its own, on a clock that is hours off', async () => {
    const { text } = await askLab(lab, '429-date;s=7', { wire });
    const dateOf = (name: string): number =>
      Date.parse(new RegExp(`\r\n${name}: ([^\r]+)`).exec(text)?.[1] ?? '');
    expect(dateOf('retry-after') - dateOf('date')).toBe(7_000);
    expect(Date.now() - dateOf('date')).toBeGreaterThan(3_600_000);
  });

  it.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
  ] as const)('%s is what it says, checksum included', async (coding, unpack) => {
    const { bytes, text } = await askLab(lab, coding, { wire });
    expect(text).toContain(`content-encoding: ${coding}`);
    expect(spelt(unpack(chunksOf(bytes)).toString())).toBe(words(4));
  });

  it('gzip-truncated is the beginning of it', async () => {
    const { bytes } = await askLab(lab, 'gzip-truncated', { wire });
    expect(() => gunzipSync(chunksOf(bytes))).toThrow(/unexpected end/);
  });

  it('gzip-bomb takes a thousandth of what it holds', async () => {
    const { bytes } = await askLab(lab, 'gzip-bomb;mb=8', { wire });
    expect(bytes.length).toBeLessThan(16_384);
    expect(() => gunzipSync(chunksOf(bytes), { maxOutputLength: 4 * 1024 * 1024 })).toThrow(/larger/);
  });
});

describe('the table', () => {
  it('has a test for every fault', () => {
    const tested = [...both.map(([name]) => name), ...single.map(([, name]) => name), 'sse-for-json'];
    const byName = new Set(tested.map((fault) => fault.split(';')[0]));
    const others = /^(?:status-\d+|429-date|gzip|deflate|br|gzip-truncated|gzip-bomb)$/;
    const untested = Object.keys(labFaults).filter((name) => !byName.has(name) && !others.test(name));
    expect(untested).toEqual([]);
  });

  it('says of every fault what it is, where it stands in the catalogue, and how it comes about', () => {
    for (const [name, fault] of Object.entries(labFaults)) {
      expect(fault.row, name).toMatch(/^(?:[TENVBGUSXC]\d+|–)$/);
      expect(fault.about.length, name).toBeGreaterThan(3);
      expect(fault.reply ?? fault.atDoor, name).toBeDefined();
    }
  });

  it.each(['constructor', '__proto__', 'nothing'])('has nothing by the name of %s', (name) => {
    expect(faultNamed(name)).toBeUndefined();
  });
});

/** The chunks of a chunked body, joined. */
function chunksOf(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = bytes.indexOf('\r\n\r\n') + 4; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (end < 0 || !(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
