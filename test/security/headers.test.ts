import { createServer } from 'node:net';
import { ProviderPool } from 'runestone';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { asking, KEY, open, wires } from './doors.ts';

const BAD: [string, string][] = [
  ['a line break', 'canary\r\nx-forged: 1'],
  ['a line feed', 'canary\nx-forged: 1'],
  ['a NUL', 'canary\0'],
  ['a character beyond Latin-1', 'canary-日'],
  ['1 MB', `canary${'x'.repeat(1 << 20)}`],
];

/** The head of every request that comes in, byte for byte. */
async function heads() {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      seen.push(bytes.toString('latin1').split('\r\n\r\n')[0] ?? '');
      socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 2\r\n\r\n{}');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { seen, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe.each(wires)('I6, 8: header injection, through $name', (wire) => {
  describe.each(BAD)('with %s', (_, bad) => {
    it.each<[string, object, string]>([
      ['the API key', { apiKey: bad }, 'apiKey'],
      ['one of several keys', { apiKey: ['sk-fine-key-0001', bad] }, 'apiKey'],
      ['a header of one’s own', { headers: { 'x-own': bad } }, 'headers.x-own'],
      ['an organisation', { headers: { 'openai-organization': bad } }, 'headers.openai-organization'],
      ['a header’s name', { headers: { [bad]: 'fine' } }, 'headers'],
    ])('in %s is refused when it is set, by the name of the field', async (_field, options, param) => {
      const error = await failureOf((async () => wire.make('http://127.0.0.1:1', options))());
      expect(error).toMatchObject({ code: 'config_invalid', param });
      expect(String(error) + JSON.stringify(error)).not.toContain('canary');
      expect(String(error).length).toBeLessThan(200);
    });

    it('in a key that a function gives, or that a call brings, nothing is sent', async () => {
      await using rotating = await open(wire, { provider: { apiKey: () => bad } });
      const error = await failureOf(rotating.pool.request(asking(wire)));
      expect(error).toMatchObject({ code: 'authentication' });
      expect(rotating.upstream.accepted).toBe(0);
      await using door = await open(wire);
      const provider = door.pool.providers()[0]?.name ?? '';
      const own = await failureOf(door.pool.request(asking(wire), { provider, apiKey: bad }));
      expect(own).toMatchObject({ code: 'config_invalid', param: 'apiKey' });
      for (const each of [error, own]) expect(String(each) + JSON.stringify(each)).not.toContain('canary');
      expect(door.upstream.accepted).toBe(0);
    });

    it('in fields of a request no header is made of it', async () => {
      const server = await heads();
      const pool = new ProviderPool({ providers: [wire.make(server.url)], retry: false });
      const fields = [
        'user',
        'prompt_cache_key',
        'safety_identifier',
        'service_tier',
        'workspace_id',
        'user_profile_id',
        'betas',
        'anthropic_beta',
        'headers',
        'organization',
      ];
      for (const field of fields) {
        await failureOf(pool.request(asking(wire, { [field]: bad })));
        await failureOf(
          pool.request(asking(wire, { metadata: { [field]: bad }, anthropic: { [field]: [bad] } })),
        );
      }
      await failureOf(
        pool.request(asking(wire), {
          metadata: { trace: bad },
          tenant: bad.slice(0, 200),
          sessionId: bad.slice(0, 200),
        }),
      );
      await pool.close();
      server.close();
      expect(server.seen.length).toBeGreaterThan(5);
      for (const head of server.seen) expect(head.replace(KEY, '')).not.toMatch(/x-forged|canary/);
    });
  });

  it.each([['a\r\nb'], ['canary\0'], ['日'], ['x'.repeat(257)]])(
    '25: an id that no header can hold is refused as option of a call',
    async (requestId) => {
      await using door = await open(wire);
      const error = await failureOf(door.pool.streamRequest(asking(wire), { requestId }));
      expect(error).toMatchObject({ code: 'config_invalid', param: 'requestId' });
      expect(door.upstream.accepted).toBe(0);
      const stream = await door.pool.streamRequest(asking(wire), { requestId: 'mine/1 (a)' });
      expect(stream.toResponse().headers.get('x-request-id')).toBe('mine/1 (a)');
      await stream.cancel();
    },
  );

  it('1: the key stands in one header, and nowhere else', async () => {
    const server = await heads();
    const pool = new ProviderPool({ providers: [wire.make(server.url)], retry: false });
    await failureOf(pool.request(asking(wire)));
    await pool.close();
    server.close();
    const lines = server.seen.flatMap((head) => head.split('\r\n')).filter((line) => line.includes(KEY));
    expect(lines).toEqual([`authorization: Bearer ${KEY}`]);
  });
});
