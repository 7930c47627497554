import { isRecord } from '../../../provider-kit/index.ts';
import type { WireTool } from './claude-wire.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import type { ToolNames } from './tool-names.ts';

/** What a custom tool takes: one free text. */
const FREE_TEXT = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
} as const;

/**
 * A custom tool as a function of one text (TL-12).
 *
 * @throws ProviderError `invalid_request` for a grammar, which nobody could enforce, unless it may be described (TL-13)
 */
export function customTool(
  context: EncodeContext,
  names: ToolNames,
  custom: unknown,
  from: string,
): { readonly name: string; readonly tool: WireTool } {
  const { name, description, format } = isRecord(custom) ? custom : {};
  if (typeof name !== 'string' || name === '') {
    throw refusal(context, `${from}.custom.name`, 'missing_required_parameter', 'a custom tool needs a name');
  }
  const grammar = grammarText(context, format, `${from}.custom.format`);
  warn(context, 'custom_tool_emulated', from, 'sent as a function with one text parameter');
  const text = [description, grammar]
    .filter((piece) => typeof piece === 'string' && piece !== '')
    .join('\n\n');
  return {
    name,
    tool: {
      name: names.wire(name, `${from}.custom.name`),
      ...(text !== '' && { description: text }),
      input_schema: FREE_TEXT,
    },
  };
}

/**
 * A grammar in words, where the caller allows that it is not enforced (TL-13).
 *
 * @returns `undefined` for free text, which needs none
 */
function grammarText(context: EncodeContext, format: unknown, path: string): string | undefined {
  if (!isRecord(format) || format['type'] !== 'grammar') return undefined;
  if (!context.options.emulateGrammar) {
    throw refusal(context, path, 'unsupported_value', 'a grammar cannot be enforced; use a function tool');
  }
  // Found flat and, in OpenAI's own type, one level deeper.
  const { syntax, definition } = isRecord(format['grammar']) ? format['grammar'] : format;
  return `The input must follow this ${String(syntax)} grammar:\n${String(definition)}`;
}
