import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawRequest } from '../providers/anthropic/encode/encoding.ts';
import { runs } from '../runs.ts';
import { anyModel, anyRequest } from './arbitraries/requests.ts';
import { type Leaf, leavesOf, withOther } from './leaves.ts';
import { isTold, silentRule } from './silent-drops.ts';
import { type Outcome, translate } from './translate.ts';

/** Everything that a translation decides, in a form that can be compared. */
function decided(outcome: Outcome): unknown {
  if ('refused' in outcome) return outcome;
  const { blockMap: _, ...rest } = outcome.encoded;
  return rest;
}

/** Leaves to try: most requests consist of messages, so that half of the tries go elsewhere. */
function chosen(request: RawRequest, picks: readonly number[]): Leaf[] {
  const leaves = leavesOf(request);
  const others = leaves.filter(({ keys: [first] }) => first !== 'messages' && first !== 'tools');
  return picks.flatMap((pick, index) => {
    const pool = index % 2 === 0 || others.length === 0 ? leaves : others;
    return pool[pick % pool.length] ?? [];
  });
}

describe('any request', () => {
  it('INV-9: loses nothing without a warning, but for what the contract lists', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyModel,
        fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
        (request, model, picks) => {
          const outcome = translate(request, { model });
          if ('refused' in outcome) return;
          const { warnings } = outcome.encoded;
          for (const leaf of chosen(request, picks)) {
            if (isTold(leaf.path, warnings) || silentRule(leaf.path, request, warnings)) continue;
            const changed = translate(withOther(request, leaf), { model });
            expect(decided(changed), `${leaf.path} makes no difference`).not.toEqual(decided(outcome));
          }
        },
      ),
      runs(2),
    );
  });
});
