/**
 * Fields of this house and of Claude that a chat request may carry (translation 1.10), and that an OpenAI-style
 * host answers with a 400. A host that knows one of them says so in `quirks.extensions`.
 */

/** Dropped in silence: hints, and what is addressed to Claude by name. */
const SILENT: ReadonlySet<string> = new Set(['anthropic', 'cache_control']);

/** Dropped with a warning, for the answer may differ without them. */
const ASKING: ReadonlySet<string> = new Set([
  'thinking',
  'output_config',
  'top_k',
  'betas',
  'anthropic_beta',
  'container',
  'context_management',
  'compaction',
  'mcp_servers',
  'fallbacks',
  'fallback_credit_token',
  'thread',
  'billing_policy',
  'diagnostics',
  'inference_geo',
  'speed',
  'user_profile_id',
  'workspace_id',
]);

/**
 * What an answer of this house brings along in its message, and what the official client adds to it. Callers send
 * the message back as it is, so that all of it may stand in any history (2.5, fail-over note).
 */
const ANSWERED: ReadonlySet<string> = new Set([
  'thinking_blocks',
  'reasoning_content',
  'reasoning_details',
  'provider_specific_fields',
  'annotations',
  'native_finish_reason',
  'parsed',
  'cache_control',
]);

/** Claude's own fields on a tool (TL-17). */
const ON_TOOLS: ReadonlySet<string> = new Set([
  'defer_loading',
  'allowed_callers',
  'input_examples',
  'eager_input_streaming',
]);

/** Claude's own fields on a document. */
const ON_FILES: ReadonlySet<string> = new Set(['citations', 'context', 'title']);

/** What is to happen to a field: it stays, it goes, or it goes and the caller is told. */
export type Fate = 'keep' | 'drop' | 'warn';

/** A place in the request where a field may stand. */
export type Place = 'top' | 'message' | 'part' | 'file' | 'tool';

/** The fate of a field in its place, for a host that knows the fields in `extensions`. */
export function fateOf(field: string, place: Place, extensions: readonly string[] = []): Fate {
  if (extensions.includes(field)) return 'keep';
  switch (place) {
    case 'top':
      return SILENT.has(field) ? 'drop' : ASKING.has(field) ? 'warn' : 'keep';
    case 'message':
      return ANSWERED.has(field) ? 'drop' : field === 'is_error' ? 'warn' : 'keep';
    case 'file':
      return ON_FILES.has(field) ? 'warn' : fateOf(field, 'part');
    case 'tool':
      return ON_TOOLS.has(field) ? 'warn' : fateOf(field, 'part');
    case 'part':
      return field === 'cache_control' ? 'drop' : 'keep';
  }
}
