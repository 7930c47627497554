export type {
  ConformanceCase,
  ConformanceFixtures,
  ConformanceHost,
  GoodAnswer,
  MakeProvider,
} from './fixtures.ts';
export { providerConformance } from './provider-conformance.ts';
