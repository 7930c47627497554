import { isRecord } from '../../../provider-kit/index.ts';
import { callerBetas, contextManagementBetas, requireBeta } from './beta-names.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';

/**
 * Native fields that go to the body under their own name, and the beta of those that need one (section
 * 1.10).
 */
const PASSED: readonly string[] = [
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
];

/** Native fields that have a rule of their own elsewhere. */
const READ_ELSEWHERE: readonly string[] = [
  'thinking',
  'output_config',
  'output_format',
  'top_k',
  'cache_control',
  'betas',
  'anthropic_beta',
  'speed',
  'metadata',
  'service_tier',
  'user_profile_id',
  'workspace_id',
];

/** Fields of the `anthropic` bag that are none of the API's. */
const BAG_ONLY: readonly string[] = ['prewarm', 'prefill', 'include_reasoning', 'stop_sequences'];

/** Names of native fields that are allowed at the top level of a request too. */
export const NATIVE_FIELDS: readonly string[] = [...PASSED, ...READ_ELSEWHERE];

/**
 * A native field of the request: from the `anthropic` bag, else from the top level (section 1.10).
 *
 * @param where - `bag` for what the top level would mean otherwise
 * @returns `undefined` for absent and for `null` (REQ-38)
 */
export function nativeField(
  context: EncodeContext,
  field: string,
  where: 'anywhere' | 'bag' = 'anywhere',
): unknown {
  const bag = context.request['anthropic'];
  const inBag = isRecord(bag) ? bag[field] : undefined;
  return inBag ?? (where === 'anywhere' ? context.request[field] : undefined) ?? undefined;
}

/** The caller's path of a native field: inside the bag where it stands there, for the bag wins. */
export function nativePath(context: EncodeContext, field: string): string {
  const bag = context.request['anthropic'];
  return isRecord(bag) && bag[field] != null ? `anthropic.${field}` : field;
}

/**
 * As `nativeField`, for fields that hold an object.
 *
 * @throws ProviderError `invalid_request` for anything else: left out silently it would change the answer
 */
export function nativeObject(
  context: EncodeContext,
  field: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = nativeField(context, field);
  if (value === undefined || isRecord(value)) return value;
  throw refusal(context, nativePath(context, field), 'invalid_type', 'expected an object');
}

/** The native fields of the body, each with its beta noted; the caller's own beta names come first. */
export function nativeFields(context: EncodeContext): Readonly<Record<string, unknown>> {
  checkBag(context);
  for (const field of ['betas', 'anthropic_beta']) {
    callerBetas(context, nativeField(context, field), nativePath(context, field));
  }
  const fields: Record<string, unknown> = {};
  for (const field of PASSED) {
    const value = nativeField(context, field);
    if (value === undefined) continue;
    fields[field] = value;
    if (field === 'context_management') contextManagementBetas(context, value);
    else requireBeta(context, 'field', field);
  }
  if (fields['inference_geo'] !== undefined && !context.model.inferenceGeo) {
    // Where data is processed is a promise to somebody: dropping it silently would break that promise.
    const path = nativePath(context, 'inference_geo');
    throw refusal(context, path, 'unsupported_parameter', 'models before 4.6 do not take it');
  }
  return fields;
}

/** Headers that the SDK derives from parameters of these names. */
export function nativeHeaders(context: EncodeContext): Readonly<Record<string, string>> {
  const profile = nativeField(context, 'user_profile_id');
  const workspace = nativeField(context, 'workspace_id');
  return {
    ...(typeof profile === 'string' && { 'anthropic-user-profile-id': profile }),
    ...(typeof workspace === 'string' && { 'anthropic-workspace-id': workspace }),
  };
}

/** A misspelt native field would otherwise vanish without a trace (REQ-37). */
function checkBag(context: EncodeContext): void {
  const bag = context.request['anthropic'];
  if (bag === undefined || bag === null) return;
  if (!isRecord(bag)) throw refusal(context, 'anthropic', 'invalid_type', 'expected an object');
  for (const field of Object.keys(bag)) {
    if (bag[field] === null || NATIVE_FIELDS.includes(field) || BAG_ONLY.includes(field)) continue;
    warn(
      context,
      'unknown_parameter',
      `anthropic.${field}`,
      'not a native field this translation knows; not sent',
    );
  }
}
