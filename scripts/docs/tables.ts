import type { PriceRow } from '../../src/pricing/price-row.ts';
import type { PresetRow } from '../../src/providers/openai-compatible/presets/preset-row.ts';
import type { FaultTable } from '../../src/testing/lab/lab-fault.ts';
import type { ErrorRow } from './error-rows.ts';
import type { EventPart, EventRow } from './event-rows.ts';
import type { OptionRow } from './option-rows.ts';

/** A Markdown table. Bars inside cells are escaped; the compact form keeps diffs to the rows that changed. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Options: where, what kind, what happens without. */
export function optionsTable(rows: readonly OptionRow[]): string {
  return markdownTable(
    ['option', 'type', 'default', 'meaning'],
    rows.map((row) => [
      `\`${row.path}\``,
      row.type,
      row.required ? 'required' : defaultCell(row),
      row.summary,
    ]),
  );
}

/** Error codes: what happened, what the pool does, what a door of ours answers. */
export function errorsTable(rows: readonly ErrorRow[]): string {
  return markdownTable(
    ['`error.code`', 'meaning', 'retry', 'other target', 'breaker', 'HTTP'],
    rows.map((row) => [
      `\`${row.code}\``,
      row.summary,
      yesNo(row.retry),
      typeof row.failover === 'boolean' ? yesNo(row.failover) : failoverWords[row.failover],
      row.breaker === 'none' ? '–' : row.breaker.replace('_', ' '),
      String(row.status),
    ]),
  );
}

/** Events: when they are told and what they carry; then the payloads they share. */
export function eventsTable(rows: readonly EventRow[], parts: readonly EventPart[]): string {
  const table = markdownTable(
    ['event', 'told when', 'carries'],
    rows.map(({ name, summary, parts, fields }) => [
      `\`${name}\``,
      summary,
      [...parts.map((part) => `*${part}*`), ...fields.map((field) => `\`${field}\``)].join(', '),
    ]),
  );
  const shared = parts.map(({ name, parent, fields }) => {
    const list = [...(parent === undefined ? [] : [`*${parent}*`]), ...fields.map((field) => `\`${field}\``)];
    return `- *${name}*: ${list.join(', ')}`;
  });
  return [table, '', ...shared].join('\n');
}

/** Hosts known by name: what to set for them, where they are, what they answer with unasked. */
export function hostsTable(rows: Readonly<Record<string, PresetRow>>): string {
  const code = (text: string | undefined): string => (text ? `\`${text}\`` : '–');
  return markdownTable(
    ['preset', 'host', 'environment', 'base URL', 'default model'],
    Object.entries(rows).map(([name, { label, env, address, keyless, baseURL, defaultModel }]) => {
      const needed = keyless ? [] : env.key.slice(0, 1);
      const own = address !== undefined && env.address !== undefined ? [env.address] : [];
      return [code(name), label, [...needed, ...own].map(code).join(', '), code(baseURL), code(defaultModel)];
    }),
  );
}

/** Whose models have a bundled price, what of it depends on the request, and when it was read. */
export function pricesTable(rows: readonly PriceRow[]): string {
  const vendors = [...new Set(rows.map(({ provider }) => provider))];
  return markdownTable(
    ['provider', 'models', 'rates of their own for', 'read on'],
    vendors.map((vendor) => {
      const own = rows.filter(({ provider }) => provider === vendor);
      const models = new Set(own.map(({ model }) => model));
      const doubtful = new Set(
        own.filter(({ confidence }) => confidence !== 'high').map(({ model }) => model),
      );
      const count = `${models.size}${doubtful.size > 0 ? `, ${doubtful.size} less sure` : ''}`;
      return [`\`${vendor}\``, count, specialRates(own).join(', ') || '–', own[0]?.asOf ?? '–'];
    }),
  );
}

function specialRates(rows: readonly PriceRow[]): readonly string[] {
  const tiers = [...new Set(rows.flatMap(({ tiers = {} }) => Object.keys(tiers)))].map(
    (word) => `\`${word}\``,
  );
  const is = (has: (row: PriceRow) => unknown, words: string): string[] => (rows.some(has) ? [words] : []);
  return [
    ...is(({ usdPerMTok }) => usdPerMTok[2] !== undefined, 'cache reads'),
    ...is(({ usdPerMTok }) => usdPerMTok[3] !== undefined, 'cache writes'),
    ...is(({ longContext }) => longContext, 'long prompts'),
    ...tiers,
    ...is(({ usFactor }) => usFactor, 'US residency'),
    ...is(({ peak }) => peak, 'peak hours'),
    ...is((row) => row.webSearchUsdPerThousand, 'web searches'),
  ];
}
/** Faults of the lab, with their row in the catalogue and the wire where it is only one. */
export function faultsTable(faults: FaultTable): string {
  return markdownTable(
    ['fault', 'row', 'what happens'],
    Object.entries(faults).map(([name, { row, about, wires }]) => [
      `\`${name}\``,
      row,
      wires ? `${about} (${wires.map((wire) => wireNames[wire]).join(', ')})` : about,
    ]),
  );
}

const wireNames = { anthropic: 'Anthropic', openai: 'OpenAI' } as const;

const failoverWords = { larger_window: 'larger window', provider_scope: 'provider scope' } as const;

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** A literal is code, words stay words. */
function defaultCell({ default: fallback = '–' }: OptionRow): string {
  return /^('.*'|[\d_.]+|true|false|\S+\(.*\))$/.test(fallback) ? `\`${fallback}\`` : fallback;
}
