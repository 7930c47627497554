import type { WireBlock, WireBody, WireMessage } from '../../src/providers/anthropic/encode/claude-wire.ts';

/**
 * What the Messages API demands of a body whose every part is well formed: of the parts together.
 *
 * @returns the complaints, in the API's own words where they are known
 */
export function conversationFaults(body: WireBody): string[] {
  return [
    ...turnFaults(body.messages),
    ...pairFaults(body.messages),
    ...toolFaults(body),
    ...cacheFaults(body),
    ...textFaults(body, 'body'),
    ...(citesSources(body) && hasFormat(body) ? ['output_config.format: not together with citations'] : []),
  ];
}

const isVisible = (block: WireBlock): boolean => block.type !== 'text' || /\S/.test(String(block['text']));

/** Roles alternate but for system turns, which stand behind a user's or a server tool's words (MSG-2, MSG-16). */
function turnFaults(messages: readonly WireMessage[]): string[] {
  const faults: string[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    const at = `messages.${index}`;
    if (before?.role === role) faults.push(`${at}: ${role} twice`);
    if (!content.some(isVisible)) faults.push(`${at}: text content blocks must contain non-whitespace text`);
    if (role === 'system') {
      const last = before?.content.at(-1)?.type ?? 'nothing';
      if (before?.role !== 'user' && !last.endsWith('_tool_result'))
        faults.push(`${at}: system after ${last}`);
      if (after && after.role !== 'assistant') faults.push(`${at}: system before ${after.role}`);
    }
  }
  return faults;
}

const idsOf = (message: WireMessage | undefined, type: string, key: string): readonly unknown[] =>
  (message?.content ?? []).filter((block) => block.type === type).map((block) => block[key]);

/** Each call is answered once, at once, in order, before anything else the turn says. */
function pairFaults(messages: readonly WireMessage[]): string[] {
  const faults: string[] = [];
  const seen = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const calls = idsOf(message, 'tool_use', 'id');
    for (const id of calls) {
      if (seen.has(id)) faults.push('`tool_use` ids must be unique');
      seen.add(id);
    }
    const results = idsOf(messages[index + 1], 'tool_result', 'tool_use_id');
    if (calls.join() !== results.join()) faults.push(`messages.${index}: calls ${calls}, results ${results}`);
    const firstOther = message.content.findIndex(({ type }) => type !== 'tool_result');
    const lastResult = message.content.findLastIndex(({ type }) => type === 'tool_result');
    if (firstOther >= 0 && lastResult > firstOther)
      faults.push(`messages.${index}: a result after other content`);
    const before = messages[index - 1]?.content ?? [];
    const isMixed =
      calls.length === 0 &&
      before.some(({ type }) => type === 'server_tool_use' || /_tool_result$/.test(type));
    if (isMixed && idsOf(messages[index - 1], 'tool_use', 'id').length > 0 && firstOther >= 0)
      faults.push(`messages.${index}: only results after client and server tools`);
  }
  if (idsOf(messages[0], 'tool_result', 'tool_use_id').length > 0) faults.push('a result without a call');
  return faults;
}

/** Names are unique, the choice names one of them, and a history of calls has its tools. */
function toolFaults({ tools, tool_choice: choice, messages, thinking }: WireBody): string[] {
  const names = (tools ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  const isForced = choice?.type === 'any' || choice?.type === 'tool';
  return [
    ...(new Set(names).size === names.length ? [] : ['tools: Tool names must be unique']),
    ...(choice && !tools ? ['tool_choice: may only be specified while providing tools'] : []),
    ...(choice?.type === 'tool' && !names.includes(choice.name) ? ['tool_choice: names no tool'] : []),
    ...(!tools && messages.some((message) => idsOf(message, 'tool_use', 'id').length > 0)
      ? ['tools: history has calls']
      : []),
    ...(isForced && Object(thinking).type === 'enabled'
      ? ['thinking: may not be enabled when tool_choice forces tool use']
      : []),
  ];
}

/** Four marks at most, none on reasoning, longer lives first (CA-3 to CA-5). */
function cacheFaults(body: WireBody): string[] {
  const blocks = [
    ...(body.tools ?? []),
    ...(body.system ?? []),
    ...body.messages.flatMap((turn) => turn.content),
  ];
  const marks = [...blocks.map((block) => block['cache_control']), body['cache_control']].filter(Boolean);
  const hours = marks.map((mark) => Object(mark).ttl === '1h');
  return [
    ...(marks.length > 4 ? [`cache_control: a maximum of 4 blocks, found ${marks.length}`] : []),
    ...(hours.some((isLong, index) => isLong && index > 0 && !hours[index - 1])
      ? ['cache_control: a ttl of 1h after one of 5m']
      : []),
  ];
}

/** Texts and keys without lone surrogates, however deep (MSG-30). */
function textFaults(value: unknown, path: string): string[] {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? [`${path}: lone surrogate`] : [];
  if (typeof value !== 'object' || value === null) return value === undefined ? [`${path}: undefined`] : [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...textFaults(key, `key in ${path}`),
    ...textFaults(member, `${path}.${key}`),
  ]);
}

const hasFormat = (body: WireBody): boolean => Object(body['output_config']).format != null;

/** A document that may be cited (RF-8), also inside a result. */
function citesSources({ messages }: WireBody): boolean {
  const cites = (block: unknown): boolean => {
    const { citations, content } = Object(block);
    return Object(citations).enabled === true || (Array.isArray(content) && content.some(cites));
  };
  return messages.some(({ content }) => content.some(cites));
}
