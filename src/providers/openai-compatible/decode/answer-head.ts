import type { ChatEvent, JsonObject } from '../../../provider-kit/index.ts';

/** What an answer is called by as long as the host has not said, or not said well. */
export interface HeadDefaults {
  /** Ours, unique. */
  readonly id: string;
  readonly model: string;
  /** Epoch seconds. */
  readonly created: number;
}

/** Later than this in epoch seconds is epoch milliseconds. */
const LATEST_SECONDS = 1e11;

/**
 * The start of an answer out of the first chunk that has one (RES-2).
 *
 * @returns `undefined` while the chunk only prepares one, as Azure's first does: no id and no choices
 */
export function readHead(
  chunk: JsonObject,
  hasChoices: boolean,
  defaults: HeadDefaults,
): Extract<ChatEvent, { type: 'start' }> | undefined {
  const { id, model, created } = chunk;
  const known = typeof id === 'string' && looksUnique(id);
  if (!known && !hasChoices) return undefined;
  return {
    type: 'start',
    id: known ? id : defaults.id,
    model: typeof model === 'string' && model !== '' ? model : defaults.model,
    created: toSeconds(created) ?? defaults.created,
  };
}

/**
 * False for ids that come back: Ollama numbers its answers from 0 to 998, and clients that store messages by id
 * would overwrite one with another.
 */
function looksUnique(id: string): boolean {
  const core = id.replace(/^[a-z]+[-_]/i, '').replace(/[^A-Za-z0-9]/g, '');
  return core.length >= 12;
}

function toSeconds(created: unknown): number | undefined {
  if (typeof created !== 'number' || !Number.isFinite(created) || created <= 0) return undefined;
  return Math.floor(created > LATEST_SECONDS ? created / 1_000 : created);
}
