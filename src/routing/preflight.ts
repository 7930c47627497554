import { isRecord } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { ModelSpec } from '../provider-kit/model-spec.ts';

/** Why a target is passed by: it would have to refuse this request, whoever asked. */
export type Unfit = 'no_tools' | 'no_vision' | 'no_pdf' | 'no_structured_output' | 'window_too_small';

/** An estimate may be too high by this much before a target is passed by for its window. */
const ESTIMATE_MARGIN = 1.5;

/**
 * What speaks against a target for a request; `undefined` when nothing is known to. What is not known of a model
 * speaks against nothing.
 *
 * @param promptTokens - asked for only where a window is known
 */
export function unfitFor(
  request: ChatRequest,
  spec: ModelSpec | undefined,
  promptTokens: () => number,
): Unfit | undefined {
  if (!spec) return undefined;
  const { capabilities = {}, contextWindow } = spec;
  if (capabilities.tools === false && wantsTools(request)) return 'no_tools';
  if (capabilities.structuredOutput === false && wantsSchema(request)) return 'no_structured_output';
  if (capabilities.vision === false && holds(request, isImage)) return 'no_vision';
  if (capabilities.pdf === false && holds(request, isDocument)) return 'no_pdf';
  if (contextWindow !== undefined && mayOverflow(request, contextWindow)) {
    if (promptTokens() > contextWindow * ESTIMATE_MARGIN) return 'window_too_small';
  }
  return undefined;
}

const wantsTools = ({ tools, functions }: ChatRequest): boolean =>
  (Array.isArray(tools) && tools.length > 0) || (Array.isArray(functions) && functions.length > 0);

const wantsSchema = ({ response_format: format }: ChatRequest): boolean => format?.type === 'json_schema';

/** So few messages that no estimate is needed: most requests are. */
function mayOverflow({ messages }: ChatRequest, contextWindow: number): boolean {
  let chars = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') chars += content.length;
    else if (content != null) return true;
  }
  // No tokenizer makes more than a token of a character, but for scripts that take several bytes each.
  return chars * 2 > contextWindow;
}

function holds({ messages }: ChatRequest, is: (part: Readonly<Record<string, unknown>>) => boolean): boolean {
  return messages.some(
    ({ content }) => Array.isArray(content) && content.some((part) => isRecord(part) && is(part)),
  );
}

function isImage({ type, image_url: image }: Readonly<Record<string, unknown>>): boolean {
  if (type !== 'image_url' && type !== 'image') return false;
  const url = isRecord(image) ? image['url'] : image;
  return !(typeof url === 'string' && url.startsWith('data:application/pdf'));
}

function isDocument({ type }: Readonly<Record<string, unknown>>): boolean {
  return type === 'file' || type === 'document';
}
