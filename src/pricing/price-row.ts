/**
 * Rates in US dollars per million tokens, in this order. One that is left out is unknown, never free.
 *
 * A tuple, because the bundled table has hundreds of them.
 */
export type UsdRates = readonly [
  input: number,
  output: number,
  cacheRead?: number | undefined,
  /** Also of a cache whose life is none of the two, or is not stated. */
  cacheWrite5m?: number | undefined,
  cacheWrite1h?: number | undefined,
];

/** Rates of the whole request once its prompt, cache included, has more than `overTokens` tokens. */
export interface LongContextRow {
  readonly overTokens: number;
  readonly usdPerMTok: UsdRates;
}

/**
 * What a tier of service costs: the factor on all token rates that its vendor states, or rates of its own. For a long
 * prompt there are long rates, or none that are known.
 */
export type TierRow = number | { readonly usdPerMTok: UsdRates; readonly longUsdPerMTok?: UsdRates };

/** Hours that cost more: rates of their own within hours of the day, by UTC. */
export interface PeakRow {
  readonly usdPerMTok: UsdRates;
  /** First hour, and the first hour after, on the clock of UTC. */
  readonly hoursUtc: readonly (readonly [from: number, until: number])[];
  /** On Saturdays and Sundays there is no peak. @default false */
  readonly weekdaysOnly?: boolean;
  /** Days without a peak, `YYYY-MM-DD`: holidays of the vendor's country. @default none */
  readonly except?: readonly string[];
}

/**
 * One model's published price over one period, as the reviewed price lists state it.
 *
 * Every rate is stored, none derived: cache reads cost 0.1, 0.05 or 0.025 of the input rate, by model and date.
 */
export interface PriceRow {
  readonly provider: string;
  readonly model: string;
  /** Further ids of this very model. Look-up is exact: a name not listed here has no price. */
  readonly aliases?: readonly string[];
  /** First day of the period, `YYYY-MM-DD` in UTC. @default since ever */
  readonly from?: string;
  /** First day after the period, `YYYY-MM-DD` in UTC. @default no end known */
  readonly until?: string;
  readonly usdPerMTok: UsdRates;
  readonly longContext?: LongContextRow;
  /** By the word with which answers name their tier or speed: `batch`, `flex`, `priority`, `fast`. */
  readonly tiers?: Readonly<Record<string, TierRow>>;
  readonly peak?: PeakRow;
  /** Multiplies every token rate of an answer inferred in the US only. Fees stay. */
  readonly usFactor?: number;
  readonly webSearchUsdPerThousand?: number;
  readonly webFetchUsdPerThousand?: number;
  /** Where the rates stand. */
  readonly source: string;
  /** The day on which the source was read, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** `medium`: second hand or one source only. `unverified`: assumed by analogy, no source seen. */
  readonly confidence: 'high' | 'medium' | 'unverified';
}
