import { providerConformance } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { acme, acmeWire } from '../../conformance/acme.ts';

describe('the conformance of a provider', () => {
  const cases = providerConformance(acme, acmeWire);

  it('is a list of named cases, for any test framework', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(60);
    for (const { run } of cases) expect(run).toBeTypeOf('function');
  });

  it.each(['finishes once', 'cut before', 'status 429', 'an abort', 'quotes the key'])(
    'has cases on: %s',
    (what) => {
      expect(cases.some(({ name }) => name.includes(what))).toBe(true);
    },
  );

  it('is quiet about what it has not been told of', () => {
    const { text, unfinished } = acmeWire;
    const few = providerConformance(acme, { text, unfinished });
    expect(few.length).toBe(cases.length - 7);
  });
});
