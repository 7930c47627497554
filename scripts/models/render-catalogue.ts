import { isRecord } from '../../src/chat/json.ts';
import { literal, members } from './literal.ts';
import type { Catalogue, ModelRow } from './read-catalogue.ts';

/** Where the rows of a provider go, from the root of the repository. */
export function targetOf(provider: string): string {
  return provider === 'anthropic'
    ? 'src/providers/anthropic/models/data.ts'
    : `src/providers/openai-compatible/models/data/${provider}.ts`;
}

/** The TypeScript file of a list. */
export function renderCatalogue(catalogue: Catalogue): string {
  const { provider } = catalogue;
  const head = `// biome-ignore-all format: one row a line, so that a changed fact is a changed line
// Written by scripts/models.ts from scripts/data/models-${provider}.json: change that and run it again.`;
  return `${head}\n${provider === 'anthropic' ? claudeTables(catalogue) : specTable(catalogue)}`;
}

function claudeTables({ asOf, rows, firstGeneration }: Catalogue): string {
  const isRetired = ({ lifecycle }: ModelRow): boolean =>
    isRecord(lifecycle) && lifecycle['status'] === 'retired';
  const claude = (row: ModelRow): ModelRow => ({ aliases: [], ...row });
  const active = rows.filter((row) => !isRetired(row)).map(claude);
  const retired = rows.filter(isRetired).map(claude);
  return `import type { ClaudeModel } from './claude-model.ts';

/** The day on which the rows were read. */
const asOf = ${literal(asOf)};

/**
 * Claude models that Anthropic's own API serves, newest line first. Disputed cells take the value that keeps a
 * request alive.
 *
 * @see contracts, translation section 4.2
 */
export const activeModels: readonly ClaudeModel[] = [
${lines(active, 'asOf')}
];

/**
 * Claude models that Anthropic's own API answers with 404. Clouds and proxies may still serve them (MOD-4).
 *
 * @see contracts, translation section 4.3
 */
export const retiredModels: readonly ClaudeModel[] = [
${lines(retired, 'asOf')}
];

/** Facts of \`claude-1.*\` and \`claude-instant-*\`, whose many ids share one row. Neither has a successor. */
export const firstGeneration: Omit<ClaudeModel, 'id' | 'contextWindow'> = { asOf, ${members({ aliases: [], ...firstGeneration, contextWindow: undefined })} };
`;
}

function specTable({ provider, asOf, rows }: Catalogue): string {
  return `import type { ModelSpec } from '../../../../provider-kit/index.ts';

const read = { provider: ${literal(provider)}, asOf: ${literal(asOf)} };

/** Models of the host \`${provider}\`, newest line first, each with its source and the day it was read. */
export const ${provider}Models: readonly ModelSpec[] = [
${lines(rows, '...read')}
];
`;
}

function lines(rows: readonly ModelRow[], common: string): string {
  return rows.map((row) => `  { ${common}, ${members(row)} },`).join('\n');
}
