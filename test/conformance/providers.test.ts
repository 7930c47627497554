import { providerConformance } from 'runestone/testing';
import { describe, it } from 'vitest';
import { acme, acmeWire } from './acme.ts';

describe('a provider of one’s own, on the kit', () => {
  for (const { name, run } of providerConformance(acme, acmeWire)) it(name, run);
});
