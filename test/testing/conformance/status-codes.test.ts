import { describe, expect, it } from 'vitest';
import { statusCodes } from '../../../src/testing/conformance/status-codes.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { careless, type Mistake } from '../../conformance/mistakes.ts';
import { failing, verdictsOf } from '../../conformance/verdicts.ts';
import { finish } from '../../contexts.ts';

const cases = (mistake: Mistake) => statusCodes({ makeProvider: careless(mistake), fixtures: acmeWire });

describe('a status', () => {
  it('becomes its code, with and without a wait', async () => {
    const all = statusCodes({ makeProvider: acme, fixtures: acmeWire });
    expect(all).toHaveLength(36);
    expect(await failing(all)).toEqual([]);
  });

  it.each<[Mistake, number, string]>([
    ['knows one code', 30, 'status 429: throws `rate_limited`'],
    ['forgets how long to wait', 9, 'status 429 with Retry-After: says how long'],
    ['waits for ever', 27, 'status 500: throws `server_error`'],
    ['throws what it likes', 36, 'status 401: throws `authentication`'],
    ['swallows errors', 36, 'status 400: throws `invalid_request`'],
    ['invents a finish', 36, 'status 307: throws `redirect`'],
    ['asks twice', 36, 'status 529: throws `overloaded`'],
  ])('shows a provider that %s', async (mistake, count, one) => {
    const names = await failing(cases(mistake));
    expect(names).toHaveLength(count);
    expect(names).toContain(one);
  });

  it('shows a provider that follows redirects', async () => {
    const makeProvider: typeof acme = ({ baseURL }) => ({
      name: 'follows',
      async *stream({ signal }) {
        await fetch(`${baseURL}/v1/chat`, { method: 'POST', body: '{}', signal });
        yield finish;
      },
    });
    const verdicts = await verdictsOf(statusCodes({ makeProvider, fixtures: acmeWire }).slice(0, 4));
    for (const verdict of verdicts.values()) expect(verdict).toMatch(/must (?:not tell|throw)/);
  });
});
