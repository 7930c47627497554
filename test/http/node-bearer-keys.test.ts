import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Visitor } from '../../src/http/doorkeeper.ts';
import { bearerKeys } from '../../src/http/node-bearer-keys.ts';
import { failureOf } from '../contexts.ts';
import { runs } from '../runs.ts';

const visitor = (headers: Record<string, string>): Visitor => ({
  method: 'POST',
  url: 'http://localhost/',
  headers: new Headers(headers),
});
const bearer = (key: string): Visitor => visitor({ authorization: `Bearer ${key}` });

const acme = { tenant: 'acme' };
const bolt = { tenant: 'bolt', priority: 'low' as const };

describe('bearerKeys', () => {
  const authorize = bearerKeys<object>({ 'key-of-acme': acme, 'key-of-bolt': bolt });

  it.each<readonly [string, Visitor, unknown]>([
    ['a bearer token', bearer('key-of-acme'), acme],
    ['another one', bearer('key-of-bolt'), bolt],
    ['any case of the scheme', visitor({ authorization: 'bearer  key-of-acme' }), acme],
    ['Anthropic’s older header', visitor({ 'x-api-key': 'key-of-bolt' }), bolt],
    ['the bearer first', visitor({ authorization: 'Bearer key-of-acme', 'x-api-key': 'key-of-bolt' }), acme],
  ])('takes %s', (_, who, call) => {
    expect(authorize(who)).toBe(call);
  });

  it.each<readonly [string, Visitor]>([
    ['nothing', visitor({})],
    ['an empty token', visitor({ authorization: 'Bearer ' })],
    ['an empty header', visitor({ 'x-api-key': '' })],
    ['a wrong key', bearer('key-of-nobody')],
    ['a longer key', bearer('key-of-acme1')],
    ['a shorter key', bearer('key-of-acm')],
    ['another case', bearer('KEY-OF-ACME')],
    ['two tokens', visitor({ authorization: 'Bearer key-of-acme key-of-acme' })],
    ['another scheme', visitor({ authorization: 'Basic key-of-acme' })],
    ['the key alone', visitor({ authorization: 'key-of-acme' })],
    ['a name that every object has', bearer('constructor')],
    ['a name that every object has', bearer('__proto__')],
  ])('refuses %s', (_, who) => {
    expect(authorize(who)).toBe(false);
  });

  it('takes keys alone', () => {
    const plain = bearerKeys(['one', 'two']);
    expect([plain(bearer('one')), plain(bearer('two')), plain(bearer('three'))]).toEqual([true, true, false]);
  });

  it('lets nobody in by chance (faults 5.20)', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        const headers = new Headers();
        try {
          headers.set('authorization', text);
        } catch {
          // No header value at all.
          return;
        }
        const sent = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
        const known = sent === 'key-of-acme' || sent === 'key-of-bolt';
        expect(Boolean(authorize({ method: 'GET', url: 'http://a/', headers }))).toBe(known);
      }),
      runs(5),
    );
  });

  it.each<readonly [string, Record<string, object> | readonly string[]]>([
    ['no keys', []],
    ['no keys by tenant', {}],
    ['an empty key', ['']],
    ['an empty key by tenant', { '': acme }],
    ['a key with a space', ['a b']],
    ['a key with a line break', ['a\r\nb']],
    ['a key beyond ASCII', ['schlüssel']],
    ['an endless key', ['x'.repeat(513)]],
    ['a variable that is not set', { [String(process.env['RUNESTONE_NO_SUCH_VARIABLE'])]: acme }],
  ])('refuses to be made of %s, without repeating it', async (_, keys) => {
    const make = async () => bearerKeys(keys as Record<string, object>);
    const error = await failureOf(make());
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(String(error)).not.toMatch(/schl|xxx|a b/);
  });

  it('compares digests of one length, all of them, in constant time (faults 5.18)', () => {
    const source = readFileSync(new URL('../../src/http/node-bearer-keys.ts', import.meta.url), 'utf8');
    const [loop = ''] = /for \(const each of known\).*/.exec(source) ?? [];
    expect(loop).toContain('timingSafeEqual(each.digest, sent)');
    expect(loop).not.toMatch(/break|return/);
  });

  it('shows no keys', () => {
    expect(JSON.stringify(authorize) ?? String(authorize)).not.toContain('key-of');
    expect(Object.keys(authorize)).toEqual([]);
  });

  it('takes as long for a key that is nearly right as for one that is not (faults 5.18)', {
    retry: 3,
  }, () => {
    const right = 'k'.repeat(64);
    const one = bearerKeys([right]);
    const near = bearer(`${'k'.repeat(63)}x`);
    const far = bearer('x'.repeat(64));
    const samples: [number[], number[]] = [[], []];
    for (let n = 0; n < 20_000; n++) {
      // Interleaved in changing order, so that whatever slows the machine down slows both.
      for (const which of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const beganNs = process.hrtime.bigint();
        one(which === 0 ? near : far);
        samples[which].push(Number(process.hrtime.bigint() - beganNs));
      }
    }
    expect(Math.abs(welch(trimmed(samples[0]), trimmed(samples[1])))).toBeLessThan(4.5);
  });
});

/** Without warm-up, and without the slowest tenth: pauses of the machine, not of the code. */
function trimmed(samples: readonly number[]): number[] {
  return samples
    .slice(2_000)
    .sort((left, right) => left - right)
    .slice(0, -1_800);
}

function welch(left: readonly number[], right: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  const spread = (list: readonly number[]): number => {
    const middle = mean(list);
    return list.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (list.length - 1) / list.length;
  };
  return (mean(left) - mean(right)) / Math.sqrt(spread(left) + spread(right));
}
