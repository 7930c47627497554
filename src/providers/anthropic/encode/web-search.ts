import { isRecord } from '../../../provider-kit/index.ts';
import type { WireTool } from './claude-wire.ts';
import { type EncodeContext, warn } from './encode-context.ts';

/** Searches that each of OpenAI's context sizes stands for. */
const MAX_USES: Readonly<Record<string, number>> = { low: 1, medium: 5, high: 10 };

/**
 * Anthropic's web search for `web_search_options` (TL-15).
 *
 * The version of 2025: the later ones filter results by running code.
 *
 * @param isPresent - the caller brings the tool itself, which has all the settings
 */
export function webSearchTool(context: EncodeContext, isPresent: boolean): WireTool | undefined {
  const options = context.request['web_search_options'];
  if (!isRecord(options)) return undefined;
  if (isPresent) {
    warn(context, 'unsupported_parameter', 'web_search_options', 'the tool in `tools` is sent instead');
    return undefined;
  }
  if (!context.model.serverTools) {
    warn(context, 'unsupported_parameter', 'web_search_options', 'this model has no server tools; not sent');
    return undefined;
  }
  const size = options['search_context_size'];
  const location = userLocation(options['user_location']);
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    max_uses: MAX_USES[typeof size === 'string' ? size : 'medium'] ?? 5,
    ...(location && { user_location: location }),
  };
}

/** OpenAI nests the place one level deeper than Anthropic does. */
function userLocation(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const place = isRecord(value) ? value['approximate'] : undefined;
  if (!isRecord(place)) return undefined;
  const known = ['city', 'country', 'region', 'timezone'].filter((key) => typeof place[key] === 'string');
  if (known.length === 0) return undefined;
  return { type: 'approximate', ...Object.fromEntries(known.map((key) => [key, place[key]])) };
}
