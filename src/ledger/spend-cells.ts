import type { LedgerRow } from './ledger-row.ts';
import { SpendTally } from './spend-sum.ts';

/** Whose spending a cell adds up. */
export interface SpendCell {
  readonly provider: string;
  /** The id that was sent upstream. */
  readonly model: string;
  readonly tenant: string | undefined;
  readonly tally: SpendTally;
}

/** What stands for tenants, and models, beyond those that memory has room for. In brackets, for one may be called so. */
export const OTHER = '(other)';

/** Combinations of provider, model and tenant that one slice of time tells apart. */
const MAX_CELLS = 1_000;

/** The spending of one slice of time, by provider, model and tenant, in bounded memory. */
export class SpendCells {
  readonly #cells = new Map<string, SpendCell>();
  readonly #max: number;

  constructor(max: number = MAX_CELLS) {
    this.#max = max;
  }

  add(row: LedgerRow): void {
    this.#cellFor(row).tally.add(row);
  }

  [Symbol.iterator](): Iterator<SpendCell> {
    return this.#cells.values();
  }

  /** Callers name tenants and models as they like; first the one is given up, then the other. Sums stay exact. */
  #cellFor({ provider, model, tenant }: LedgerRow): SpendCell {
    return (
      this.#cell(provider, model, tenant, this.#max) ??
      this.#cell(provider, model, OTHER, this.#max * 2) ??
      this.#cell(provider, OTHER, OTHER, Number.POSITIVE_INFINITY)!
    );
  }

  /** @param max - with so many cells none is added */
  #cell(provider: string, model: string, tenant: string | undefined, max: number): SpendCell | undefined {
    // With the length of the model, since both names may hold anything.
    const key = `${provider} ${model.length} ${model}${tenant ?? ''}`;
    const known = this.#cells.get(key);
    if (known || this.#cells.size >= max) return known;
    const made = { provider, model, tenant, tally: new SpendTally() };
    this.#cells.set(key, made);
    return made;
  }
}
