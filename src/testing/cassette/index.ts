export { type Cassette, type CassetteOptions, cassette, recorder } from './node-cassette.ts';
export type { RedactionOptions } from './redaction.ts';
