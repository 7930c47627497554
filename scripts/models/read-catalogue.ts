import { isRecord, type JsonObject } from '../../src/chat/json.ts';

/** One model, all its facts filled in, as it is written into the sources. */
export interface ModelRow extends JsonObject {
  readonly id: string;
  /** The page that says so. Further ones stand in the list only. */
  readonly source: string;
}

/** The reviewed list of one provider. */
export interface Catalogue {
  readonly provider: string;
  /** The day on which the rows were read. */
  readonly asOf: string;
  readonly rows: readonly ModelRow[];
  /** Claude 1 and Instant, whose many ids share a row. */
  readonly firstGeneration?: JsonObject;
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const DATES = ['released', 'deprecated', 'notRetiredBefore', 'retires', 'retired'];
const STATUSES = ['active', 'deprecated', 'retired'];

/**
 * Reads a list of `scripts/data/models-*.json`: rows start from their `family`, and `snapshots` become rows of
 * their own.
 *
 * @throws Error naming the row that has no source, no status, a day that is none, a name that another row has, or a
 *   successor that is not listed
 */
export function readCatalogue(text: string): Catalogue {
  const list: unknown = JSON.parse(text);
  if (!isRecord(list)) throw new Error('not a list of models');
  const { provider, asOf, families = {}, models, firstGeneration } = list;
  if (typeof provider !== 'string' || typeof asOf !== 'string' || !DAY.test(asOf)) {
    throw new Error('a list names its provider and the day it was read');
  }
  if (!isRecord(families) || !isRecord(models)) throw new Error(`${provider}: no models`);
  const rows = Object.entries(models).flatMap(([id, own]) =>
    rowsOf(id, completed(own, families, id), `${provider}/${id}`),
  );
  check(rows, provider);
  return {
    provider,
    asOf,
    rows,
    ...(firstGeneration !== undefined && {
      firstGeneration: published(completed(firstGeneration, families, 'firstGeneration')),
    }),
  };
}

/** A row over its family, and that over its own. */
function completed(own: unknown, families: JsonObject, where: string): JsonObject {
  if (!isRecord(own)) throw new Error(`${where}: not a row`);
  const { family, ...facts } = own;
  if (family === undefined) return facts;
  if (typeof family !== 'string' || !(family in families)) throw new Error(`${where}: no such family`);
  return { ...completed(families[family], families, family), ...facts };
}

/** What is for the reader of the list only stays there. */
function published({ also: _, note: __, snapshots: ___, ...facts }: JsonObject): JsonObject {
  return facts;
}

function rowsOf(id: string, facts: JsonObject, where: string): ModelRow[] {
  const { source, snapshots = [] } = facts;
  if (typeof source !== 'string' || !source.startsWith('https://')) throw new Error(`${where}: no source`);
  const ids = [id, ...(Array.isArray(snapshots) ? snapshots : [])];
  return ids.map((each) => ({ id: String(each), ...published(facts), source }));
}

function check(rows: readonly ModelRow[], provider: string): void {
  const names = new Set<string>();
  for (const { id, aliases, lifecycle } of rows) {
    for (const name of [id, ...(Array.isArray(aliases) ? aliases : [])]) {
      if (names.has(name)) throw new Error(`${provider}/${id}: the name ${name} stands twice`);
      names.add(name);
    }
    if (!isRecord(lifecycle) || !STATUSES.includes(String(lifecycle['status']))) {
      throw new Error(`${provider}/${id}: no status`);
    }
    const wrong = DATES.find((date) => lifecycle[date] !== undefined && !DAY.test(String(lifecycle[date])));
    if (wrong) throw new Error(`${provider}/${id}: ${wrong} is no day`);
  }
  for (const { id, lifecycle } of rows) {
    const { successor, preferred } = Object(lifecycle);
    const lost = [successor, preferred].find((name) => name !== undefined && !names.has(name));
    if (lost !== undefined) throw new Error(`${provider}/${id}: its successor ${lost} is not listed`);
  }
}
