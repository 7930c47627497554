import { describe, expect, it } from 'vitest';
import { secrets } from '../../../src/testing/conformance/secrets.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { careless, type Mistake } from '../../conformance/mistakes.ts';
import { failing, verdictsOf } from '../../conformance/verdicts.ts';

const cases = (mistake: Mistake) => secrets({ makeProvider: careless(mistake), fixtures: acmeWire });

describe('a host that quotes key and prompt', () => {
  it('is not quoted by a good provider', async () => {
    expect(await failing(secrets({ makeProvider: acme, fixtures: acmeWire }))).toEqual([]);
  });

  it('shows a provider that quotes its key, without the key', async () => {
    const verdicts = await verdictsOf(cases('quotes its key'));
    expect(verdicts.size).toBe(6);
    for (const verdict of verdicts.values()) {
      expect(verdict).toBe('conformance: an error must not hold "sk-conformance-key…"');
    }
  });

  it('shows a provider that does not fail at all', async () => {
    const verdicts = await verdictsOf(cases('swallows errors'));
    expect(verdicts.get('status 401 that quotes the key: the error does not')).toBe(
      'conformance: a refusal must be an error',
    );
  });
});
