import { describe, expect, it } from 'vitest';
import { earlyLeavers } from '../../../src/testing/conformance/early-leavers.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { careless, type Mistake } from '../../conformance/mistakes.ts';
import { failing, verdictsOf } from '../../conformance/verdicts.ts';

const cases = (mistake: Mistake) => earlyLeavers({ makeProvider: careless(mistake), fixtures: acmeWire });

describe.concurrent('whoever leaves', () => {
  it('cuts the request of a good provider', async () => {
    expect(await failing(earlyLeavers({ makeProvider: acme, fixtures: acmeWire }))).toEqual([]);
  });

  it('shows a provider that is deaf to its signal', async () => {
    const verdicts = await verdictsOf(cases('is deaf to its signal'));
    expect([...verdicts.values()]).toEqual([
      'conformance: an aborted stream must come, or end, and hangs',
      'conformance: an aborted stream must come, or end, and hangs',
      expect.stringMatching(/^conformance: the (?:host must see its client gone|request of an answer)/),
      'ok',
      expect.stringMatching(/^conformance: requests upstream must be 0/),
    ]);
  }, 60_000);

  it('shows a provider that keeps reading', async () => {
    expect(await failing(cases('keeps reading'))).toEqual([
      'a stream that is left without an abort: lets go of the request',
    ]);
  });

  it('shows a provider that holds text back', async () => {
    expect(await failing(cases('holds text back'))).toEqual([
      'an abort in the middle: ends, and cuts the request',
      'a consumer of the pool that breaks: cuts the request',
      'a stream that is left without an abort: lets go of the request',
    ]);
  }, 60_000);
});
