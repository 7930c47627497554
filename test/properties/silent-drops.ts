import { isRecord } from '../../src/chat/json.ts';
import type { Warning } from '../../src/provider-kit/index.ts';
import type { RawRequest } from '../providers/anthropic/encode/encoding.ts';

/** A place whose content may be lost without a word, and the rule of the contract that says so. */
interface SilentDrop {
  readonly path: RegExp;
  readonly rule: string;
  /** Only in these circumstances. @default in all */
  readonly when?: (request: RawRequest, codes: ReadonlySet<string>) => boolean;
}

const bag = (request: RawRequest): RawRequest => (isRecord(request['anthropic']) ? request['anthropic'] : {});
const choiceType = (request: RawRequest): unknown =>
  Object(request['tool_choice']).type ?? request['tool_choice'];
const lacksTools = (request: RawRequest): boolean =>
  !Array.isArray(request['tools']) || request['tools'].length === 0;

/** All of them. What is not listed here reaches the API, or is told. */
const drops: readonly SilentDrop[] = [
  { rule: 'MOD-1', path: /^model$/ },
  { rule: 'REQ-11', path: /^stream$/ },
  { rule: 'REQ-12 REQ-13', path: /^stream_options\./ },
  { rule: 'REQ-26', path: /^(user|safety_identifier)$/ },
  { rule: 'REQ-27', path: /^metadata\./ },
  { rule: 'REQ-34', path: /^prompt_cache_key$/ },
  { rule: 'CA-2', path: /^prompt_cache_(retention|options\.\w+)$/ },
  { rule: 'CA-2', path: /\.prompt_cache_breakpoint\.mode$/ },
  { rule: 'CA-4 TL-R12', path: /\.(prompt_cache_breakpoint\.ttl|cache_control\.\w+)$/ },
  { rule: 'REQ-3', path: /^max_(completion_)?tokens$/, when: (request) => bag(request)['prewarm'] === true },
  { rule: 'MSG-12', path: /^messages\[\d+\]\.name$/ },
  { rule: 'MSG-9', path: /\.tool_calls\[\d+\]\.type$/ },
  { rule: 'PRT-6', path: /\.image_url\.detail$/ },
  { rule: 'PRT-10', path: /\.file\.filename$/ },
  { rule: 'PRT-14', path: /\.refusal$/ },
  { rule: 'T-2', path: /\.citations\[\d+\]\.\w+$/ },
  {
    rule: '1.10 of documents only',
    path: /^messages\[\d+\]\.content\[\d+\]\.(title|context|citations\.enabled)$/,
  },
  { rule: 'TH-12 to TH-15', path: /\.(thinking_blocks|reasoning_details)\[\d+\]\.\w+$/ },
  { rule: 'TH-12', path: /\.reasoning_content$/ },
  { rule: 'TH-13', path: /\.provider_specific_fields\./ },
  { rule: 'RES-9', path: /\.audio\.id$/ },
  { rule: 'TL-R6', path: /^messages\[\d+\]/, when: (_, codes) => codes.has('duplicate_tool_result') },
  { rule: 'TL-8 RF-5', path: /\.\$schema$/ },
  { rule: 'TL-11', path: /\.properties\.(any|none)$/ },
  { rule: 'RF-3', path: /^response_format\.json_schema\.(name|strict|description)$/ },
  { rule: 'RF-14', path: /^(anthropic\.)?(response_format|output_format)\b/ },
  { rule: 'TC-8', path: /^tools\[\d+\]/, when: (_, codes) => codes.has('cache_prefix_changed') },
  { rule: 'TC-8', path: /^tool_choice\.allowed_tools\.(mode|tools\[\d+\]\.type)$/ },
  { rule: 'TC-9', path: /^(tool_choice|function_call|parallel_tool_calls)/, when: lacksTools },
  { rule: 'TC-4', path: /^parallel_tool_calls$/, when: (request) => isNone(request) },
  // Where a schema is a tool that must be called, one call is all there is: on models that are retired.
  { rule: 'RF-4', path: /^parallel_tool_calls$/, when: (_, codes) => codes.has('model_retired') },
  {
    rule: 'TC-10',
    path: /^tools\[\d+\].*\.strict$/,
    when: (_, codes) => codes.has('forced_tool_choice_weakened'),
  },
  {
    rule: 'TH-11',
    path: /^reasoning\.exclude$/,
    when: (request) => typeof request['include_reasoning'] === 'boolean',
  },
  { rule: 'TL-15', path: /^web_search_options\.user_location\.type$/ },
  { rule: 'TC-8', path: /^web_search_options/, when: (_, codes) => codes.has('cache_prefix_changed') },
  { rule: 'TH-19', path: /^(anthropic\.)?(thinking\.\w+|reasoning_effort)$/ },
  { rule: 'MSG-18', path: /^anthropic\.prefill$/ },
];

/** An empty allow-list allows nothing. */
function isNone(request: RawRequest): boolean {
  const allowed = Object(request['tool_choice']).allowed_tools?.tools;
  return choiceType(request) === 'none' || (Array.isArray(allowed) && allowed.length === 0);
}

/** The rule by which a leaf may be lost silently; `undefined` when nothing allows it. */
export function silentRule(
  path: string,
  request: RawRequest,
  warnings: readonly Warning[],
): string | undefined {
  const codes = new Set(warnings.map(({ code }) => code));
  const [field = ''] = path.split(/[.[]/);
  if (bag(request)[field] != null && field !== 'anthropic') return '1.10';
  return drops.find(({ path: pattern, when }) => pattern.test(path) && (when?.(request, codes) ?? true))
    ?.rule;
}

/** True for a leaf that a warning tells of, by its own path or by that of what it belongs to. */
export function isTold(path: string, warnings: readonly Warning[]): boolean {
  const isWithin = (inner: string, outer: string): boolean =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return warnings.some(({ param = '' }) => isWithin(path, param) || isWithin(param, path));
}
