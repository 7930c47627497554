import type { CheckedSpendQuery, SpendDimension, SpendGroup } from '../index.ts';
import { toSpendSum } from '../index.ts';
import { isRecord } from '../provider-kit/index.ts';
import { LEDGER_TABLE } from './ledger-columns.ts';
import type { SqliteValue } from './sqlite-database.ts';

/** A statement and the values of its parameters. */
export interface SqlQuery {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/** An expression, and the values of its parameters. */
type Expression = readonly [sql: string, ...values: SqliteValue[]];

const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  provider: ['provider'],
  model: ['model'],
  servedModel: ['coalesce(served_model, model)'],
  tenant: ['tenant'],
  key: ['key_label'],
  operation: ['operation'],
  outcome: ['outcome'],
  precision: ['precision'],
  code: ['code'],
  day: ["strftime('%Y-%m-%d', at / 1000, 'unixepoch')"],
  hour: ["strftime('%Y-%m-%dT%H:00', at / 1000, 'unixepoch')"],
};

// As text, because a sum may be more than a number of JavaScript holds, and `node:sqlite` refuses to read such.
const COUNTS = `count(*) AS attempts,
  CAST(coalesce(sum(cost_nano_usd), 0) AS TEXT) AS nanoUsd,
  sum(cost_nano_usd IS NULL) AS unpriced,
  sum(precision = 'estimated') AS estimated,
  total(input_tokens) AS inputTokens,
  total(cache_read_tokens) AS cacheReadTokens,
  total(cache_write_5m_tokens) AS cacheWrite5mTokens,
  total(cache_write_1h_tokens) AS cacheWrite1hTokens,
  total(output_tokens) AS outputTokens,
  total(reasoning_tokens) AS reasoningTokens,
  total(web_searches) AS webSearches`;

/** A question about spending, in SQL. Nothing of the caller's stands in the text of it. */
export function spendSql({ sinceMs, untilMs, groupBy, where }: CheckedSpendQuery): SqlQuery {
  const keys = groupBy.map(expressionOf);
  const conditions = where.map(([dimension, list]): Expression => {
    const [sql, ...values] = expressionOf(dimension);
    return [`coalesce(${sql}, '') IN (${list.map(() => '?').join(', ')})`, ...values, ...list];
  });
  const all: readonly Expression[] = [['at >= ?', sinceMs], ['at < ?', untilMs], ...conditions];
  const selected = [...keys.map(([sql], index) => `${sql} AS key${index}`), COUNTS];
  const grouped = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : '';
  return {
    sql: `SELECT ${selected.join(', ')} FROM ${LEDGER_TABLE} WHERE ${all.map(([sql]) => sql).join(' AND ')}${grouped}`,
    values: [...keys, ...all].flatMap(([, ...values]) => values),
  };
}

function expressionOf(dimension: SpendDimension): Expression {
  const known = Object.hasOwn(EXPRESSIONS, dimension) ? EXPRESSIONS[dimension] : undefined;
  return known ?? ['json_extract(labels, ?)', `$."${dimension.slice('label.'.length)}"`];
}

/** The groups of an answer. One without attempts is none: SQL has a row of zeros for "nothing at all". */
export function spendGroups(groupBy: readonly SpendDimension[], rows: readonly unknown[]): SpendGroup[] {
  return rows.filter(isRecord).flatMap((row) => {
    const count = (name: string): number => Number(row[name] ?? 0);
    if (count('attempts') === 0) return [];
    const by: { [Dimension in SpendDimension]?: string } = {};
    for (const [index, dimension] of groupBy.entries()) {
      const value = row[`key${index}`];
      if (typeof value === 'string') by[dimension] = value;
    }
    const tokens = {
      inputTokens: count('inputTokens'),
      cacheReadTokens: count('cacheReadTokens'),
      cacheWrite5mTokens: count('cacheWrite5mTokens'),
      cacheWrite1hTokens: count('cacheWrite1hTokens'),
      outputTokens: count('outputTokens'),
      reasoningTokens: count('reasoningTokens'),
    };
    const [attempts, nanoUsd, webSearches] = [count('attempts'), count('nanoUsd'), count('webSearches')];
    const [unpriced, estimated] = [count('unpriced'), count('estimated')];
    return [{ by, ...toSpendSum({ attempts, nanoUsd, unpriced, estimated, tokens, webSearches }) }];
  });
}
