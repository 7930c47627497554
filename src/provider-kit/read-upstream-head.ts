import type { UpstreamHead } from '../errors/index.ts';
import { requestIdIn } from './http-error.ts';
import { type HeaderReader, rateLimits } from './rate-limits.ts';
import { harmless } from './redact.ts';

/**
 * Reads the headers of an answer, whatever its status (RES-17, HDR-10, HDR-13).
 *
 * @param nowMs - our clock, epoch milliseconds; only used when the answer carries no `Date`
 * @param secrets - keys of ours: a host may hand them back where an id belongs
 */
export function readUpstreamHead(
  headers: HeaderReader,
  nowMs: number,
  secrets: readonly string[] = [],
): UpstreamHead {
  const account = headers.get('anthropic-organization-id') ?? headers.get('openai-organization');
  const requestId = harmless(requestIdIn(headers), secrets);
  const organizationId = harmless(account, secrets);
  const workspaceId = harmless(headers.get('anthropic-workspace-id'), secrets);
  const limits = rateLimits(headers, nowMs);
  const head: { -readonly [Fact in keyof UpstreamHead]: UpstreamHead[Fact] } = {};
  if (requestId) head.requestId = requestId;
  if (organizationId) head.organizationId = organizationId;
  if (workspaceId) head.workspaceId = workspaceId;
  if (limits) head.rateLimits = limits;
  return head;
}
