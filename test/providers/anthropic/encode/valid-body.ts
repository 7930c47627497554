import { isRecord } from '../../../../src/chat/json.ts';
import type { EncodedRequest } from '../../../../src/providers/anthropic/encode/encode-options.ts';
import type { ClaudeModel } from '../../../../src/providers/anthropic/models/claude-model.ts';
import type { RawRequest } from './encoding.ts';

/**
 * What the Messages API would find wrong with a translated request, as far as its rules are known: the second
 * opinion behind the random tests. Written from the contract and the SDK's types, not from the encoder.
 */
export function faultsOf(encoded: EncodedRequest, model: ClaudeModel): readonly string[] {
  const { body } = encoded;
  return [
    ...fieldFaults(body),
    ...turnFaults(body.messages, model),
    ...body.messages.flatMap((message, index) => messageFaults(message, `messages.${index}`)),
    ...pairFaults(body.messages),
    ...toolFaults(body, model),
    ...thinkingFaults(body, model),
    ...cacheFaults(body),
    ...textFaults(body, 'body'),
  ];
}

const FIELDS = new Set(
  `model max_tokens messages system tools tool_choice thinking output_config stop_sequences temperature top_p top_k
   service_tier speed metadata cache_control stream container context_management compaction mcp_servers fallbacks
   fallback_credit_token thread billing_policy diagnostics inference_geo`.split(/\s+/),
);

function fieldFaults(body: RawRequest): string[] {
  const unknown = Object.keys(body).filter((key) => !FIELDS.has(key));
  const nulls = Object.entries(body).filter(([, value]) => value === null || value === undefined);
  return [
    ...unknown.map((key) => `${key}: Extra inputs are not permitted`),
    ...nulls.map(([key]) => `${key}: no value`),
    ...(Number.isInteger(body['max_tokens']) ? [] : ['max_tokens: not a whole number']),
    ...listFaults(body['stop_sequences'], 'stop_sequences', (item) => /\S/.test(String(item))),
    ...listFaults(body['system'], 'system', (item) => isRecord(item) && /\S/.test(String(item['text']))),
    ...(isRecord(body['metadata']) ? unknownKeys(body['metadata'], ['user_id'], 'metadata') : []),
  ];
}

function listFaults(list: unknown, path: string, isGood: (item: unknown) => boolean): string[] {
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length === 0) return [`${path}: not a list with something in it`];
  return list.every(isGood) ? [] : [`${path}: blank item`];
}

function unknownKeys(object: RawRequest, known: readonly string[], path: string): string[] {
  return Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `${path}.${key}: Extra inputs are not permitted`);
}

type Message = EncodedRequest['body']['messages'][number];

/** Roles: alternating but for system turns, which have their own places (MSG-2, MSG-16, MSG-18). */
function turnFaults(messages: readonly Message[], model: ClaudeModel): string[] {
  const faults: string[] = messages.length === 0 ? ['messages: empty'] : [];
  for (const [index, { role, content }] of messages.entries()) {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    if (content.length === 0) faults.push(`messages.${index}: empty content`);
    if (before?.role === role) faults.push(`messages.${index}: same role twice`);
    if (role !== 'system') continue;
    if (!model.midSystem) faults.push(`messages.${index}: system role`);
    const last = before?.content.at(-1)?.type ?? '';
    if (before?.role !== 'user' && !last.endsWith('_tool_result'))
      faults.push(`messages.${index}: system after ${last}`);
    if (after && after.role !== 'assistant') faults.push(`messages.${index}: system before ${after.role}`);
  }
  const last = messages.at(-1);
  // An answer that was paused in the middle of a server tool is resumed, not prefilled (MSG-19).
  if (last?.role === 'assistant' && last.content.at(-1)?.type !== 'server_tool_use') {
    if (!model.prefill) faults.push('This model does not support assistant message prefill');
    if (/\s$/.test(String(last.content.at(-1)?.['text'] ?? ''))) faults.push('trailing whitespace');
  }
  return faults;
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  text: ['text', 'citations', 'cache_control'],
  image: ['source', 'cache_control', 'transformations'],
  document: ['source', 'title', 'context', 'citations', 'cache_control'],
  tool_use: ['id', 'name', 'input', 'cache_control', 'caller'],
  tool_result: ['tool_use_id', 'content', 'is_error', 'cache_control'],
  thinking: ['thinking', 'signature'],
  redacted_thinking: ['data'],
};

/** Blocks: known fields only, text everywhere, and each type in its own kind of turn. */
function messageFaults({ role, content }: Message, path: string): string[] {
  const faults: string[] = [];
  let seenOther = false;
  for (const [index, block] of content.entries()) {
    const at = `${path}.content.${index}`;
    const known = KEYS[block.type];
    if (known) faults.push(...unknownKeys(block, ['type', ...known], at));
    if (block.type === 'text' && block['text'] === '')
      faults.push(`${at}: text content blocks must be non-empty`);
    if (role === 'user' && Array.isArray(block['citations'])) faults.push(`${at}: citations on user text`);
    if (role === 'system' && block.type !== 'text') faults.push(`${at}: only text in a system turn`);
    const isClients = ['image', 'document', 'tool_result'].includes(block.type);
    if (role === 'assistant' && isClients) faults.push(`${at}: ${block.type} in an assistant turn`);
    const isModels = ['tool_use', 'thinking', 'redacted_thinking'].includes(block.type);
    if (role === 'user' && isModels) faults.push(`${at}: ${block.type} in a user turn`);
    if (block.type === 'thinking' && !block['signature']) faults.push(`${at}: unsigned`);
    if (block.type === 'tool_result' && seenOther) faults.push(`${at}: tool_result after other content`);
    seenOther ||= block.type !== 'tool_result';
  }
  const isBlank = content.every((block) => block.type === 'text' && !/\S/.test(String(block['text'])));
  return isBlank ? [...faults, `${path}: text content blocks must contain non-whitespace text`] : faults;
}

/** Calls: legal unique ids, each answered once, at once, in the turn that follows. */
function pairFaults(messages: readonly Message[]): string[] {
  const faults: string[] = [];
  const seen = new Set<unknown>();
  for (const [index, { content }] of messages.entries()) {
    const ids = content.filter(({ type }) => type === 'tool_use').map((block) => block['id']);
    const next = (messages[index + 1]?.content ?? []).filter(({ type }) => type === 'tool_result');
    const answered = next.map((block) => block['tool_use_id']);
    for (const id of ids) {
      if (seen.has(id)) faults.push('`tool_use` ids must be unique');
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(id))) faults.push(`tool_use id ${String(id)}`);
      seen.add(id);
    }
    if (JSON.stringify(ids) !== JSON.stringify(answered))
      faults.push(`messages.${index}: calls ${ids} results ${answered}`);
  }
  const [first] = messages;
  if (first?.content.some(({ type }) => type === 'tool_result')) faults.push('a result without a call');
  return faults;
}

/** Tools: legal unique names, an object at the root, and a choice that names one of them. */
function toolFaults(body: EncodedRequest['body'], model: ClaudeModel): string[] {
  const { tools, tool_choice: choice } = body;
  const names = (tools ?? []).map(({ name }) => name);
  const usesTools = body.messages.some(({ content }) => content.some(({ type }) => type === 'tool_use'));
  const isForced = choice?.type === 'any' || choice?.type === 'tool';
  return [
    ...(tools?.length === 0 ? ['tools: empty'] : []),
    ...(new Set(names).size === names.length ? [] : ['Tool names must be unique']),
    ...names.filter((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(String(name))).map((name) => `tool name ${name}`),
    ...(tools ?? [])
      .filter((tool) => !tool.type && tool.input_schema?.['type'] !== 'object')
      .map(() => 'input_schema.type'),
    ...(usesTools && !tools ? ['history has calls, the request no tools'] : []),
    ...(choice && !tools ? ['tool_choice without tools'] : []),
    ...(choice?.type === 'tool' && !names.includes(choice.name) ? ['tool_choice names no tool'] : []),
    ...(choice?.type === 'none' && 'disable_parallel_tool_use' in choice
      ? ['none has no parallel flag']
      : []),
    ...(isForced && model.forcedToolUnsupported ? ['tool_choice is not supported for this model'] : []),
    ...(isForced && isRecord(body['thinking']) && body['thinking']['type'] === 'enabled'
      ? ['forced while thinking']
      : []),
  ];
}

const ACCEPTED: Readonly<Record<ClaudeModel['modelClass'], string>> = {
  A: 'adaptive',
  A_preview: 'adaptive enabled',
  B: 'adaptive between_tools',
  C: 'adaptive disabled',
  D: 'adaptive disabled',
  E: 'adaptive disabled',
  F: 'adaptive enabled disabled',
  G: 'enabled disabled',
  H: 'enabled disabled',
  I: '',
};

/** Thinking and effort: what the class takes, with a budget inside the cap. */
function thinkingFaults(body: EncodedRequest['body'], model: ClaudeModel): string[] {
  const thinking = isRecord(body['thinking']) ? body['thinking'] : {};
  const config = isRecord(body['output_config']) ? body['output_config'] : {};
  const { type, budget_tokens: budget } = thinking;
  const { effort } = config;
  const tooHigh =
    (type === 'between_tools' || (type === 'disabled' && model.modelClass === 'C')) &&
    /max|xhigh/.test(String(effort));
  return [
    ...(type !== undefined && !ACCEPTED[model.modelClass].split(' ').includes(String(type))
      ? [`thinking ${String(type)}`]
      : []),
    ...(type === 'enabled' && !(Number(budget) >= 1024 && Number(budget) < body.max_tokens)
      ? ['thinking budget']
      : []),
    ...(effort !== undefined && 'HI'.includes(model.modelClass) ? ['effort not supported'] : []),
    ...(effort === 'xhigh' && 'FG'.includes(model.modelClass) ? ['effort xhigh'] : []),
    ...(tooHigh ? ['effort too high for this thinking'] : []),
  ];
}

/** Marks: four at most, only where they may stand, longer lives first. */
function cacheFaults(body: EncodedRequest['body']): string[] {
  const blocks = [
    ...(body.tools ?? []),
    ...(body.system ?? []),
    ...body.messages.flatMap(({ content }) => content),
  ];
  const marked = blocks.filter((block) => block['cache_control'] !== undefined);
  const automatic =
    body['cache_control'] === undefined ? [] : [{ type: 'top', cache_control: body['cache_control'] }];
  const lives = [...marked, ...automatic].map((block) =>
    JSON.stringify(block['cache_control']).includes('1h') ? 2 : 1,
  );
  return [
    ...(lives.length > 4 ? [`${lives.length} cache breakpoints`] : []),
    ...(lives.some((life, index) => life > (lives[index - 1] ?? 2))
      ? ['a longer ttl after a shorter one']
      : []),
    ...marked.filter(({ type }) => /thinking/.test(String(type))).map(() => 'cache_control on thinking'),
  ];
}

/** Texts: well formed, however deep (MSG-30). */
function textFaults(value: unknown, path: string): string[] {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? [`${path}: lone surrogate`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...textFaults(key, path),
    ...textFaults(member, `${path}.${key}`),
  ]);
}
