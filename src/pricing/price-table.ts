import { priceRows } from './data.ts';
import { type ModelPrice, toModelPrice } from './model-price.ts';
import { overridePrice, type PriceOverrides } from './price-overrides.ts';
import type { PriceRow } from './price-row.ts';

export type { ModelPrice } from './model-price.ts';
export type { PriceOverride, PriceOverrides } from './price-overrides.ts';

/**
 * Finds the price of a model: the caller's own first, then the bundled one.
 *
 * By exact id or listed alias, never by prefix: a point release can cost ten times its sibling (MOD-7). A model
 * that nobody priced has no price, not one of 0.
 */
export class PriceTable {
  readonly #byProvider = new Map<string, Map<string, ModelPrice>>();
  /** Overrides by bare model id, for whatever provider serves it. */
  readonly #anywhere: ReadonlyMap<string, ModelPrice>;

  /**
   * @param overrides - prices of the caller's own, by `provider/model` or by bare model id
   * @param rows - the bundled rows; those of one model stand together, in order of time
   * @throws ConfigError when an override's rate is not a number of at least 0
   */
  constructor(overrides: PriceOverrides = {}, rows: readonly PriceRow[] = priceRows) {
    const own = new Map(Object.entries(overrides).map(([key, rates]) => [key, overridePrice(key, rates)]));
    this.#anywhere = own;
    for (const [key, price] of own) {
      const slash = key.indexOf('/');
      if (slash > 0) this.#put(key.slice(0, slash), key.slice(slash + 1), price);
    }
    for (const [provider, bundled] of bundle(rows)) {
      for (const name of bundled.names) this.#put(provider, name, choose(own, provider, name, bundled));
    }
  }

  /**
   * @param provider - the provider's name, or its kind
   * @param model - an id as it goes upstream, or as upstream names itself
   */
  find(provider: string, model: string): ModelPrice | undefined {
    return this.#byProvider.get(provider)?.get(model) ?? this.#anywhere.get(model);
  }

  /** At the price of the provider itself, if the caller gave one, else at that of its kind. */
  findFor(
    provider: { readonly name: string; readonly module?: string },
    model: string,
  ): ModelPrice | undefined {
    const { name, module = name } = provider;
    return this.find(name, model) ?? this.find(module, model);
  }

  #put(provider: string, model: string, price: ModelPrice): void {
    const models = this.#byProvider.get(provider);
    if (models) models.set(model, price);
    else this.#byProvider.set(provider, new Map([[model, price]]));
  }
}

/** An override speaks for all names of its model, unless another one names this very id; `provider/` goes first. */
function choose(
  own: ReadonlyMap<string, ModelPrice>,
  provider: string,
  name: string,
  bundled: ModelPrice,
): ModelPrice {
  const keys = [name, ...bundled.names].flatMap((each) => [`${provider}/${each}`, each]);
  const key = keys.find((each) => own.has(each));
  return (key !== undefined && own.get(key)) || bundled;
}

function bundle(rows: readonly PriceRow[]): readonly (readonly [provider: string, ModelPrice])[] {
  const models = new Map<string, [PriceRow, ...PriceRow[]]>();
  for (const row of rows) {
    const key = `${row.provider}/${row.model}`;
    const earlier = models.get(key);
    if (earlier) earlier.push(row);
    else models.set(key, [row]);
  }
  return [...models.values()].map((periods) => [periods[0].provider, toModelPrice(periods)]);
}
