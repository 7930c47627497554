import type { StandardSchema } from '../../src/chat/standard-schema.ts';

/** A schema as a library writes it by hand: what it accepts, and nothing else of the standard. */
export function schemaBy<Output>(
  validate: StandardSchema<Output>['~standard']['validate'],
  more: Partial<StandardSchema<Output>['~standard']> = {},
): StandardSchema<Output> {
  return { '~standard': { version: 1, vendor: 'acme', validate, ...more } };
}

/** Accepts everything. */
export const anything: StandardSchema = schemaBy((value) => ({ value }));
