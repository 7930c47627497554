/** Rates in US dollars per million tokens. A rate that is absent is unknown, never free. */
export interface UsdRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
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
  /** Rates of the whole request once its prompt, cache included, has more than `overTokens` tokens. */
  readonly longContext?: { readonly overTokens: number; readonly usdPerMTok: UsdRates };
  /** Rates of answers given at speed `fast`. */
  readonly fastUsdPerMTok?: UsdRates;
  /** Multiplies every token rate of a batch. Fees stay. */
  readonly batchFactor?: number;
  /** Multiplies every token rate of an answer inferred in the US only. Fees stay. */
  readonly usFactor?: number;
  readonly webSearchUsdPerThousand?: number;
  readonly webFetchUsdPerThousand?: number;
  /** Where the rates stand. */
  readonly source: string;
  /** The day on which the source was read, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** `unverified`: assumed by analogy, no source seen. */
  readonly confidence: 'high' | 'medium' | 'unverified';
}
