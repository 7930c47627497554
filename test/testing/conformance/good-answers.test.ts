import { describe, expect, it } from 'vitest';
import { goodAnswers } from '../../../src/testing/conformance/good-answers.ts';
import { acme, acmeWire } from '../../conformance/acme.ts';
import { careless, type Mistake } from '../../conformance/mistakes.ts';
import { failing, verdictsOf } from '../../conformance/verdicts.ts';

const cases = (mistake: Mistake) => goodAnswers({ makeProvider: careless(mistake), fixtures: acmeWire });

const fails = async (mistake: Mistake): Promise<string[]> => failing(cases(mistake));

describe('a good answer', () => {
  it('becomes what the host said', async () => {
    const all = goodAnswers({ makeProvider: acme, fixtures: acmeWire });
    expect(all.map(({ name }) => name)).toEqual([
      'text: is what the host said',
      'text: finishes once, and last',
      'text: counts its tokens',
      'text: is the same wherever its bytes are cut',
      'one tool call: is what the host said',
      'one tool call: finishes once, and last',
      'one tool call: is the same wherever its bytes are cut',
      'parallel tool calls: is what the host said',
      'parallel tool calls: finishes once, and last',
      'parallel tool calls: is the same wherever its bytes are cut',
      'two streams at once do not touch each other',
    ]);
    expect(await failing(all)).toEqual([]);
  });

  it('of a wire without tools is text alone', () => {
    const { text, unfinished } = acmeWire;
    const all = goodAnswers({ makeProvider: acme, fixtures: { text, unfinished } });
    expect(all.filter(({ name }) => name.includes('tool'))).toEqual([]);
  });

  it.each<[Mistake, string[]]>([
    ['loses text', ['text: is what the host said', 'two streams at once do not touch each other']],
    ['confuses calls', ['parallel tool calls: is what the host said']],
    ['drops its usage', ['text: counts its tokens']],
    ['keeps a state between calls', ['two streams at once do not touch each other']],
    [
      'decodes each read by itself',
      [
        'text: is the same wherever its bytes are cut',
        'one tool call: is the same wherever its bytes are cut',
      ],
    ],
  ])('shows a provider that %s', async (mistake, names) => {
    expect(await fails(mistake)).toEqual(names);
  });

  it.each<Mistake>(['never finishes', 'finishes twice', 'goes on after its finish'])(
    'shows a provider that %s, in each answer',
    async (mistake) => {
      const names = await fails(mistake);
      expect(names).toEqual(
        ['text', 'one tool call', 'parallel tool calls'].map((name) => `${name}: finishes once, and last`),
      );
    },
  );

  it('that fails says with what', async () => {
    const fixtures = { ...acmeWire, text: { body: acmeWire.errorEvent?.body ?? '' } };
    const verdicts = await verdictsOf(goodAnswers({ makeProvider: acme, fixtures }));
    expect(verdicts.get('text: is what the host said')).toMatch(
      /^conformance: a good answer must not fail, and failed with ProviderError: .*too much to do/,
    );
  });
});
