import * as z from 'zod';
import type { Provider } from '../provider-kit/provider.ts';
import type { Limit, LimitsOptions, QueueOptions } from './limit-options.ts';

/** Limits with every default filled in. */
export interface LimitSettings {
  readonly pool?: Limit | undefined;
  readonly perProvider: Readonly<Record<string, Limit>>;
  readonly perTarget: Readonly<Record<string, Limit>>;
  readonly perTenant?: LimitsOptions['perTenant'];
  readonly queue: Required<QueueOptions>;
}

/** A limit, as a pool or a function of the caller's hands it in. */
export const limitShape: z.ZodType<Limit> = z.strictObject({
  requestsPerMinute: z.number().positive().exactOptional(),
  tokensPerMinute: z.number().positive().exactOptional(),
  concurrency: z.union([z.int().min(1), z.literal('adaptive')]).exactOptional(),
});

/** The section `limits` of a pool's options. */
export const limitsShape: z.ZodType<LimitSettings> = z.strictObject({
  pool: limitShape.optional(),
  perProvider: z.record(z.string(), limitShape).default({}),
  perTarget: z.record(z.string().regex(/^[^/]+\/./, 'must be `provider/model`'), limitShape).default({}),
  perTenant: z
    .union([
      limitShape,
      z.custom<(tenant: string) => Limit>(
        (value) => typeof value === 'function',
        'must be a limit or a function',
      ),
    ])
    .optional(),
  queue: z
    .strictObject({
      size: z.int().min(0).default(1_000),
      maxWaitMs: z
        .number()
        .min(0)
        .max(2 ** 31 - 1)
        .default(30_000),
    })
    .prefault({}),
});

/** Names in `limits` that belong to no provider, nor to one of its keys: each with the path of its option. */
export function strangersIn(
  { perProvider, perTarget }: LimitSettings,
  providers: readonly Provider[],
): { readonly path: string; readonly name: string }[] {
  const known = new Set(
    providers.flatMap(({ name, keys = [] }) => [name, ...keys.map((_, index) => `${name}[${index}]`)]),
  );
  const named = [
    ...Object.keys(perProvider).map((name) => ({ path: 'limits.perProvider', name })),
    ...Object.keys(perTarget).map((target) => ({
      path: 'limits.perTarget',
      name: target.split('/', 1)[0] ?? '',
    })),
  ];
  return named.filter(({ name }) => !known.has(name));
}
