import { describe, expect, it } from 'vitest';
import { brokenAnswers } from '../../../src/testing/conformance/broken-answers.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { careless, type Mistake } from '../../conformance/mistakes.ts';
import { failing, verdictsOf } from '../../conformance/verdicts.ts';

const cases = (mistake: Mistake) => brokenAnswers({ makeProvider: careless(mistake), fixtures: acmeWire });

describe('an answer that breaks', () => {
  it('is well told by a good provider', async () => {
    const all = brokenAnswers({ makeProvider: acme, fixtures: acmeWire });
    expect(all).toHaveLength(6);
    expect(await failing(all)).toEqual([]);
  });

  it('has no error event where the wire has none', () => {
    const { text, unfinished } = acmeWire;
    expect(brokenAnswers({ makeProvider: acme, fixtures: { text, unfinished } })).toHaveLength(5);
  });

  it('shows a provider that invents a finish, each time', async () => {
    const all = cases('invents a finish');
    expect(await failing(all)).toEqual(all.map(({ name }) => name));
  });

  it.each<[Mistake, string[]]>([
    ['swallows errors', ['an error in the stream: throws `overloaded`']],
    ['knows one code', ['an error in the stream: throws `overloaded`']],
    ['loses text', []],
  ])('shows a provider that %s', async (mistake, names) => {
    expect(await failing(cases(mistake))).toEqual(names);
  });

  it('shows a provider that throws what it likes, and says what it threw', async () => {
    const verdicts = await verdictsOf(cases('throws what it likes'));
    expect(verdicts.get('an event that cannot be read: no finish')).toMatch(
      /^conformance: a break must throw a ProviderError \(.*\), and threw Error: /,
    );
  });

  it('shows a provider that tells nothing of what came before', async () => {
    const fixtures = { ...acmeWire, unfinished: 'data: {"tokens":1}\n\n' };
    expect(await failing(brokenAnswers({ makeProvider: acme, fixtures }))).toEqual([
      'cut before its finish: what came is told, and no finish',
    ]);
  });
});
