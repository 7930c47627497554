import * as z from 'zod';
import { ConfigError } from '../errors/index.ts';
import { breakerDefaults } from '../resilience/circuit-breaker.ts';
import { retryBudgetDefaults } from '../resilience/retry-budget.ts';
import { tripDefaults } from '../resilience/trip-rules.ts';
import { budgetShape } from './budget-options.ts';
import { ledgerShape } from './ledger-options.ts';
import { type LimitSettings, limitsShape, strangersIn } from './limit-settings.ts';
import type {
  BreakerOptions,
  CallOptions,
  HedgeOptions,
  PoolOptions,
  RetryBudgetOptions,
  RetryOptions,
  TimeoutOptions,
} from './options.ts';
import { type SharedSettings, sharedShape, twinOf } from './shared-options.ts';

/** Options with every default filled in. `false` stays: it means none. */
export interface Settings {
  readonly retry: Required<Omit<RetryOptions, 'budget'>> & { readonly budget: Required<RetryBudgetOptions> };
  readonly breaker: Required<BreakerOptions> | false;
  readonly timeouts: Required<TimeoutOptions>;
  readonly limits: LimitSettings;
  readonly hedge: HedgeSettings | undefined;
  readonly shared: SharedSettings | undefined;
  readonly autoContinue: number;
  readonly midStream: NonNullable<PoolOptions['midStream']>;
}

/** Hedges, where there are any. */
export type HedgeSettings = HedgeOptions & Required<Pick<HedgeOptions, 'maxExtra'>>;

// The longest delay a Node timer takes; a larger one fires at once.
const milliseconds = z
  .number()
  .min(1)
  .max(2 ** 31 - 1);

/**
 * Attempts of one request and how they are spread in time. The ceilings of 100 keep a slip of the finger from becoming a
 * storm: whoever needs more tries has another problem.
 */
const retryOptions = z.strictObject({
  attempts: z.int().min(1).max(100).default(3),
  attemptsPerTarget: z.int().min(1).max(100).default(2),
  baseDelayMs: milliseconds.default(500),
  maxDelayMs: milliseconds.default(8_000),
  retryAfterCapMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1)
    .default(60_000),
  preferWaitMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1)
    .default(2_000),
  budget: z
    .strictObject({
      ratio: z.number().min(0).max(10).default(retryBudgetDefaults.ratio),
      minimum: z.int().min(0).default(retryBudgetDefaults.minimum),
      windowMs: milliseconds.default(retryBudgetDefaults.windowMs),
    })
    .prefault({}),
});

/** When a circuit opens and for how long; its defaults are the machine's own, so that they stand in one place. */
const breakerOptions = z.strictObject({
  failureThreshold: z.int().min(1).default(tripDefaults.failureThreshold),
  failureRatio: z.number().positive().max(1).default(tripDefaults.failureRatio),
  minimumRequests: z.int().min(1).default(tripDefaults.minimumRequests),
  windowMs: milliseconds.default(tripDefaults.windowMs),
  openMs: milliseconds.default(breakerDefaults.openMs),
  maxOpenMs: milliseconds.default(breakerDefaults.maxOpenMs),
  slowStartMs: z.number().min(0).default(breakerDefaults.slowStartMs),
});

/** Every clock of a request. None may be switched off: a wait without an end is a leak. */
const timeoutOptions = z.strictObject({
  connectMs: milliseconds.default(10_000),
  firstTokenMs: milliseconds.default(60_000),
  reasoningFirstTokenMs: milliseconds.default(180_000),
  idleMs: milliseconds.default(60_000),
  progressMs: milliseconds.default(300_000),
  totalMs: milliseconds.default(600_000),
});

const hedgeOptions: z.ZodType<HedgeSettings> = z
  .strictObject({
    afterMs: milliseconds.exactOptional(),
    afterPercentile: z.number().gt(0).lt(100).exactOptional(),
    maxExtra: z.int().min(1).max(99).default(1),
  })
  .refine(
    ({ afterMs, afterPercentile }) => afterMs !== undefined || afterPercentile !== undefined,
    'needs `afterMs` or `afterPercentile`',
  );

const aFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);

/**
 * What can be checked of a provider before it is called. A slash or a bracket in its name would be read as the end of
 * it, or as one of its keys, where targets are named.
 */
const provider = z.looseObject({
  name: z
    .string()
    .min(1)
    .regex(/^[^/\s[\]\p{Cc}]+$/u, 'must not contain a slash, a bracket or white space'),
  stream: aFunction,
});

/** A plug-in with a misspelt scope would silently do nothing. */
const middleware = z.strictObject({
  name: z.string().min(1),
  request: aFunction.optional(),
  attempt: aFunction.optional(),
});

/** A target behind an alias: its name, or its name with a tier and a weight. Three letters are `a/b`, the shortest. */
const routeTarget = z.union([
  z.string().min(3),
  z.strictObject({
    target: z.string().min(3),
    tier: z.int().min(0).optional(),
    weight: z.number().positive().optional(),
  }),
]);

/** Dollars, and the factors on them. */
const usd = z.number().min(0);
const priceOverride = z.strictObject({
  inputUsdPerMTok: usd,
  outputUsdPerMTok: usd,
  cacheReadUsdPerMTok: usd.optional(),
  cacheWrite5mUsdPerMTok: usd.optional(),
  cacheWrite1hUsdPerMTok: usd.optional(),
  batchFactor: usd.optional(),
  usFactor: usd.optional(),
  webSearchUsdPerThousand: usd.optional(),
  webFetchUsdPerThousand: usd.optional(),
});

/** All options of a pool. Strict all over: an option that does not exist is a typing error, and is named by its path. */
const poolOptions = z.strictObject({
  providers: z.array(provider).min(1, 'needs at least one provider'),
  models: z.record(z.string().min(1), z.array(routeTarget).min(1)).optional(),
  defaultModel: z.string().min(1).optional(),
  routing: z.union([aFunction, z.looseObject({ name: z.string(), order: aFunction })]).optional(),
  retry: z.union([retryOptions, z.literal(false)]).prefault({}),
  breaker: z.union([breakerOptions, z.literal(false)]).prefault({}),
  timeouts: timeoutOptions.prefault({}),
  limits: limitsShape.prefault({}),
  hedge: hedgeOptions.optional(),
  shared: sharedShape.optional(),
  singleFlight: z.boolean().optional(),
  midStream: z.union([z.enum(['error', 'continue']), z.strictObject({ words: aFunction })]).optional(),
  autoContinue: z.int().min(0).max(100).default(5),
  cost: z
    .strictObject({
      prices: z.record(z.string(), priceOverride).optional(),
      budgets: z.array(budgetShape).optional(),
    })
    .optional(),
  ledger: ledgerShape.optional(),
  retiredModels: z.enum(['warn', 'reject', 'remap']).optional(),
  strict: z.boolean().optional(),
  middleware: z.array(middleware).optional(),
});

/** What one call may say. The lengths bound what ends up in events, logs and rows of the ledger. */
const callOptions = z.strictObject({
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional(),
  deadlineMs: milliseconds.optional(),
  // It stands in a header of `toResponse()`.
  requestId: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')
    .optional(),
  tenant: z.string().min(1).max(256).optional(),
  priority: z.enum(['high', 'normal', 'low']).optional(),
  sessionId: z.string().min(1).max(256).optional(),
  maxCostUsd: z.number().positive().max(9_000_000).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  strict: z.boolean().optional(),
  singleFlight: z.boolean().optional(),
  provider: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
});

/** No further attempt: what `retry: false` means. */
const noRetry = retryOptions.parse({ attempts: 1, attemptsPerTarget: 1 });

/** Checks the options of a pool and fills in the defaults. @throws ConfigError that lists every fault by its path */
export function toSettings(options: PoolOptions): Settings {
  const parsed = poolOptions.safeParse(options);
  if (!parsed.success) throw configError('ProviderPool', parsed.error);
  const names = options.providers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ConfigError(`ProviderPool: providers: two are named "${twice}"; give one another \`name\``);
  const { data } = parsed;
  const [stranger] = strangersIn(data.limits, options.providers);
  if (stranger !== undefined)
    throw new ConfigError(`ProviderPool: ${stranger.path}: nobody is named "${stranger.name}"`, {
      param: stranger.path,
    });
  const twin = data.shared && twinOf(data.cost?.budgets ?? []);
  if (twin) throw new ConfigError(`ProviderPool: ${twin}`, { param: 'cost.budgets' });
  const { breaker, timeouts, limits, hedge, shared, autoContinue } = data;
  const { midStream = 'error' } = options;
  return { retry: data.retry || noRetry, breaker, timeouts, limits, hedge, shared, autoContinue, midStream };
}

/** Checks what a call passed beside its request. @throws ConfigError */
export function checkCall(call: CallOptions): void {
  const parsed = callOptions.safeParse(call);
  if (!parsed.success) throw configError('call options', parsed.error);
  if (call.apiKey !== undefined && call.provider === undefined) {
    throw new ConfigError('call options: apiKey: needs `provider`, so that the key goes to one known host');
  }
}

function configError(what: string, error: z.ZodError): ConfigError {
  const faults = error.issues.flatMap(describe);
  return new ConfigError(`${what}: ${faults.join('; ')}`, { param: faults[0]?.split(':')[0] });
}

function describe(issue: z.core.$ZodIssue): string[] {
  const path = z.core.toDotPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${path ? `${path}.` : ''}${key}: no such option`);
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of several forms the one that was nearly met is meant.
    const depth = (form: readonly z.core.$ZodIssue[]): number =>
      Math.max(0, ...form.map(({ path }) => path.length));
    const nearest = issue.errors.reduce((best, form) => (depth(form) > depth(best) ? form : best));
    return nearest.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [`${path || 'options'}: ${issue.message.replace(/^Invalid input: /, '')}`];
}
