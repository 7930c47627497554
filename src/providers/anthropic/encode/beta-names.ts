import { headerFault, isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';

/**
 * Beta names that must not be sent: retired, or switching the answer to an older shape (T-9).
 */
const RETIRED: ReadonlySet<string> = new Set([
  'prompt-caching-2024-07-31',
  'pdfs-2024-09-25',
  'token-efficient-tools-2025-02-19',
  'extended-cache-ttl-2025-04-11',
  'files-api-2025-04-14',
  'skills-2025-10-02',
]);

/** The beta that each native request field needs (section 1.10 and the SDK's list of names). */
const FIELD_BETAS: Readonly<Record<string, string>> = {
  fallbacks: 'server-side-fallback-2026-07-01',
  fallback_credit_token: 'fallback-credit-2026-07-01',
  context_management: 'context-management-2025-06-27',
  compaction: 'compact-2026-09-04',
  mcp_servers: 'mcp-client-2025-11-20',
  thread: 'message-threads-2026-08-12',
  billing_policy: 'user-profiles-billing-2026-10-01',
  task_budget: 'task-budgets-2026-03-13',
  speed: 'fast-mode-2026-02-01',
  block_binding: 'thinking-binding-controls-2026-08-01',
  display_updates: 'thinking-display-updates-2026-08-18',
};

/** The beta that a block needs when history brings it back. */
const BLOCK_BETAS: Readonly<Record<string, string>> = {
  fallback: 'server-side-fallback-2026-07-01',
  compaction: 'compact-2026-09-04',
  mcp_tool_use: 'mcp-client-2025-11-20',
  mcp_tool_result: 'mcp-client-2025-11-20',
  mcp_tool_listing: 'mcp-client-2026-09-15',
  tool_addition: 'mid-conversation-tool-changes-2026-07-01',
  tool_removal: 'mid-conversation-tool-changes-2026-07-01',
};

/** The beta that a tool of this type needs. */
const TOOL_BETAS: Readonly<Record<string, string>> = {
  mcp_toolset: 'mcp-client-2025-11-20',
  bash_20241022: 'computer-use-2024-10-22',
  text_editor_20241022: 'computer-use-2024-10-22',
  computer_20241022: 'computer-use-2024-10-22',
  computer_20250124: 'computer-use-2025-01-24',
  computer_20251124: 'computer-use-2025-11-24',
};

/** What may need a beta. */
export type BetaUser = 'field' | 'block' | 'tool';

/** The tables above by what they are about; a name missing from its table needs no beta. */
const TABLES: Readonly<Record<BetaUser, Readonly<Record<string, string>>>> = {
  field: FIELD_BETAS,
  block: BLOCK_BETAS,
  tool: TOOL_BETAS,
};

/**
 * Adds the beta that a field, block or tool needs, if it needs one. A date the caller chose himself stays.
 */
export function requireBeta(context: EncodeContext, kind: BetaUser, name: string): void {
  const table = TABLES[kind];
  const beta = Object.hasOwn(table, name) ? table[name] : undefined;
  if (beta === undefined || context.betas.has(beta)) return;
  const family = familyOf(beta);
  for (const present of context.betas) if (familyOf(present) === family) return;
  context.betas.add(beta);
}

/** `compact-2026-09-04` and `compact-2026-01-12` are two dates of one feature, and exclude each other. */
const familyOf = (beta: string): string => beta.replace(/-\d{4}-\d{2}-\d{2}$/, '');

/**
 * Takes over the beta names that the caller lists; those that must not be sent are dropped with a warning.
 *
 * @throws ProviderError `invalid_request` for a name that cannot stand in a header (I6)
 */
export function callerBetas(context: EncodeContext, value: unknown, param: string): void {
  const names = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  for (const item of names) {
    const name = typeof item === 'string' ? item.trim() : '';
    if (name === '') continue;
    const fault = headerFault(name);
    if (fault !== undefined) throw refusal(context, param, 'invalid_value', fault);
    if (RETIRED.has(name)) warn(context, 'unsupported_parameter', param, `beta ${name} is retired; not sent`);
    else context.betas.add(name);
  }
}

/** Server-side compaction by context management is an older feature with a header of its own. */
export function contextManagementBetas(context: EncodeContext, value: unknown): void {
  requireBeta(context, 'field', 'context_management');
  const edits = isRecord(value) ? value['edits'] : undefined;
  if (Array.isArray(edits) && edits.some((edit) => isRecord(edit) && edit['type'] === 'compact_20260112')) {
    context.betas.add('compact-2026-01-12');
  }
}
