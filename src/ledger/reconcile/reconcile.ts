import { type LedgerLine, type LedgerSide, ledgerLines } from './ledger-lines.ts';
import { type ExportVendor, readExport } from './read-export.ts';
import { type ReconciledFigure, reconciledFigures, type UsageLine } from './usage-line.ts';

/** How ledger and export are compared. */
export interface ReconcileOptions {
  /** Whose export it is. */
  readonly provider: ExportVendor;
  /** The provider's name in the ledger. @default as `provider` */
  readonly name?: string;
  /** Differences up to here are none, for each day and model. @default no token, and a cent: files round to it */
  readonly tolerance?: { readonly tokens?: number; readonly costUsd?: number };
  /** What the export calls a model that the ledger calls so. @default the same, but for dates at the end */
  readonly models?: Readonly<Record<string, string>>;
}

/** A figure on which ledger and export do not agree. */
export interface ReconciledDifference {
  readonly day: string;
  /** Absent where the export has lines about no model: then days are compared as a whole. */
  readonly model: string | undefined;
  readonly figure: ReconciledFigure;
  readonly kind: 'differs' | 'missing_in_ledger' | 'missing_in_export';
  readonly ledger: number;
  readonly export: number;
  /** Export less ledger. */
  readonly difference: number;
  /** The ledger's attempts of that day and model whose tokens or cost nobody knows: they may be the difference. */
  readonly unknown: number;
  /** Those whose figures are estimates. */
  readonly estimated: number;
}

/** What a comparison came to. */
export interface Reconciliation {
  /** The days of the export, first and last; the ledger's others are left out. */
  readonly from: string;
  readonly to: string;
  /** Figures that the export has, and that were compared. */
  readonly figures: readonly ReconciledFigure[];
  /** How many days and models were compared. */
  readonly compared: number;
  /** By day, then by model. Empty when everything agrees. */
  readonly differences: readonly ReconciledDifference[];
}

/**
 * Compares the ledger with a provider's own report of usage or cost, by day and model.
 *
 * @param ledger - rows, or the groups of `pool.spend({ groupBy: ['provider', 'day', 'servedModel'], … })`
 * @param usageExport - CSV or JSON, as text or read: Anthropic's usage and cost reports, OpenAI's usage of completions
 *   and costs. Ask APIs for daily buckets, grouped by model (costs by `description`, or by `line_item`)
 * @throws ConfigError when the export is not understood, or the groups are not by day and model
 */
export function reconcile(
  ledger: LedgerSide,
  usageExport: unknown,
  { provider, name = provider, tolerance = {}, models = {} }: ReconcileOptions,
): Reconciliation {
  const exported = readExport(usageExport, provider);
  const days = exported.map(({ day }) => day).sort();
  const [from = '', to = ''] = [days[0], days.at(-1)];
  const own = ledgerLines(ledger, name).filter(({ day }) => day >= from && day <= to);
  const used = exported.filter(({ figures }) => Object.keys(figures).length > 0);
  const figures = reconciledFigures.filter((figure) =>
    used.some((line) => line.figures[figure] !== undefined),
  );
  // A line about no model can only be compared with the whole day.
  const byModel = used.every(({ model }) => model !== undefined);
  const pairs = new Pairs((model) => (byModel ? modelKey(models[model] ?? model) : ''));
  for (const line of own) pairs.addLedger(line);
  for (const line of used) pairs.addExport(line);
  const limits = { tokens: tolerance.tokens ?? 0, costUsd: tolerance.costUsd ?? 0.01 };
  const differences = pairs
    .sorted()
    .flatMap((pair) =>
      figures.flatMap(
        (figure) => differenceOf(pair, figure, figure === 'costUsd' ? limits.costUsd : limits.tokens) ?? [],
      ),
    );
  return { from, to, figures, compared: pairs.sorted().length, differences };
}

/** The sums of both sides for one day and model. */
interface Pair {
  readonly day: string;
  model: string | undefined;
  readonly ledger: Map<ReconciledFigure, number>;
  readonly export: Map<ReconciledFigure, number>;
  unknown: number;
  estimated: number;
}

class Pairs {
  readonly #pairs = new Map<string, Pair>();
  readonly #keyOf: (model: string) => string;

  /** @param keyOf - the same for two names of one model */
  constructor(keyOf: (model: string) => string) {
    this.#keyOf = keyOf;
  }

  addLedger(line: LedgerLine): void {
    const pair = this.#pairOf(line);
    pair.unknown += line.unknown;
    pair.estimated += line.estimated;
    addUp(pair.ledger, line);
  }

  addExport(line: UsageLine): void {
    addUp(this.#pairOf(line).export, line);
  }

  sorted(): readonly Pair[] {
    return [...this.#pairs.keys()].sort().map((key) => this.#pairs.get(key)!);
  }

  #pairOf({ day, model }: UsageLine): Pair {
    const key = this.#keyOf(model ?? '');
    const known = this.#pairs.get(`${day} ${key}`);
    if (known) return known;
    const made: Pair = {
      day,
      model: key === '' ? undefined : model,
      ...{ ledger: new Map(), export: new Map(), unknown: 0, estimated: 0 },
    };
    this.#pairs.set(`${day} ${key}`, made);
    return made;
  }
}

function addUp(sums: Map<ReconciledFigure, number>, { figures }: UsageLine): void {
  for (const figure of reconciledFigures) {
    const value = figures[figure];
    if (value !== undefined) sums.set(figure, (sums.get(figure) ?? 0) + value);
  }
}

function differenceOf(
  pair: Pair,
  figure: ReconciledFigure,
  tolerance: number,
): ReconciledDifference | undefined {
  const scale = figure === 'costUsd' ? 1e9 : 1;
  const [own = 0, exported = 0] = [pair.ledger.get(figure), pair.export.get(figure)];
  const difference = (exported - own) / scale;
  if (Math.abs(difference) <= tolerance) return undefined;
  const kind =
    pair.export.size === 0 ? 'missing_in_export' : pair.ledger.size === 0 ? 'missing_in_ledger' : 'differs';
  const { day, model, unknown, estimated } = pair;
  return {
    day,
    model,
    figure,
    kind,
    ledger: own / scale,
    export: exported / scale,
    difference,
    unknown,
    estimated,
  };
}

/**
 * One name for a model, however it is written: the Console's files say `Claude Haiku 4.5`, reports leave the date of a
 * snapshot away or have it. Both sides lose it, so that two snapshots of one day are compared as one model.
 */
function modelKey(model: string): string {
  return model
    .toLowerCase()
    .replaceAll(/[ .]+/g, '-')
    .replace(/-(\d{8}|\d{4}-\d\d-\d\d)$/, '');
}
