import {
  isRecord,
  type ModelCapabilities,
  type ModelLifecycle,
  type ModelSpec,
} from '../../../provider-kit/index.ts';

/** An object of the answer. */
type Fields = Readonly<Record<string, unknown>>;

const THINKING = ['adaptive', 'between_tools', 'enabled', 'disabled'] as const;
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const STATUSES = ['active', 'deprecated', 'retired'] as const;

/**
 * What the Models API says of a model, and no more: it has no word for forced tools, prefill and system messages
 * between turns, which stay in the table (MOD-6).
 *
 * @returns `undefined` for what is not a model
 * @see SDK 1.12, `ModelInfo`
 */
export function liveSpec(info: unknown): ModelSpec | undefined {
  if (!isRecord(info) || typeof info['id'] !== 'string' || info['id'] === '') return undefined;
  const { max_input_tokens: contextWindow, max_tokens: maxOutputTokens, capabilities } = info;
  const lifecycle = liveLifecycle(info);
  return {
    id: info['id'],
    provider: 'anthropic',
    ...(isCount(contextWindow) && { contextWindow }),
    ...(isCount(maxOutputTokens) && { maxOutputTokens }),
    ...(isRecord(capabilities) && { capabilities: liveCapabilities(capabilities) }),
    ...(lifecycle && { lifecycle }),
    source: 'https://api.anthropic.com/v1/models',
  };
}

/** A status that is not known says nothing, and its dates neither. */
function liveLifecycle(info: Fields): ModelLifecycle | undefined {
  const status = STATUSES.find((each) => each === info['lifecycle']);
  if (status === undefined) return undefined;
  const released = dayOf(info['created_at']);
  const deprecated = dayOf(info['deprecated_at']);
  const end = dayOf(info['retires_at']);
  return {
    status,
    // "May be set to an epoch value if the release date is unknown."
    ...(released !== undefined && !released.startsWith('1970') && { released }),
    ...(deprecated !== undefined && { deprecated }),
    ...(end !== undefined && (status === 'retired' ? { retired: end } : { retires: end })),
  };
}

function liveCapabilities(said: Fields): ModelCapabilities {
  const thinking = said['thinking'];
  const types = isRecord(thinking) ? thinking['types'] : undefined;
  const { effort } = said;
  const vision = supported(said['image_input']);
  const pdf = supported(said['pdf_input']);
  const structuredOutput = supported(said['structured_outputs']);
  const reasoning = supported(thinking);
  const hasEffort = supported(effort);
  return {
    ...(vision !== undefined && { vision }),
    ...(pdf !== undefined && { pdf }),
    ...(structuredOutput !== undefined && { structuredOutput }),
    ...(reasoning !== undefined && { reasoning }),
    // A model that cannot think takes `disabled` all the same; that is no way of thinking.
    ...(reasoning === false && { thinking: [] }),
    ...(reasoning && isRecord(types) && { thinking: THINKING.filter((kind) => supported(types[kind])) }),
    ...(hasEffort === false && { efforts: [] }),
    ...(hasEffort && isRecord(effort) && { efforts: EFFORTS.filter((level) => supported(effort[level])) }),
  };
}

/** `{ supported: true }`; `null` and anything else says nothing. */
function supported(value: unknown): boolean | undefined {
  const said = isRecord(value) ? value['supported'] : undefined;
  return typeof said === 'boolean' ? said : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** The day of an RFC 3339 time. */
function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\d{4}-\d\d-\d\d/.exec(value)?.[0] : undefined;
}
