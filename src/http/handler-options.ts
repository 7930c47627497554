import * as z from 'zod';
import { ConfigError } from '../errors/index.ts';
import type { DoorOptions } from './doorkeeper.ts';
import type { BodyLimits } from './incoming.ts';

/** How a handler takes requests in. */
export interface HandlerOptions<Call extends object = object> extends DoorOptions<Call>, BodyLimits {}

/** The longest delay a Node timer takes; a larger one fires at once. */
const milliseconds = z
  .number()
  .min(1)
  .max(2 ** 31 - 1);

const shape = z.strictObject({
  authorize: z.custom((value) => typeof value === 'function', 'must be a function').optional(),
  hosts: z.union([z.literal('any'), z.array(z.string().min(1)).min(1)]).optional(),
  bodyLimitBytes: z.int().min(1).optional(),
  bodyTimeoutMs: milliseconds.optional(),
});

/** The guard behind `HandlerOptions`. @throws ConfigError that lists every option that is wrong or unknown */
export function checkHandlerOptions(options: object): void {
  const { error } = shape.safeParse(options);
  if (!error) return;
  const faults = error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new ConfigError(`createHandler: ${faults.join('; ')}`);
}
