import type { Finding, Repair, UpstreamFailure } from '../../provider-kit/index.ts';

/** Which changes to a request may still be made, should upstream refuse it. */
export interface Repairs {
  /** Reasoning of earlier turns is in it, and may be left out (TH-16). */
  readonly stripThinking?: boolean;
  /** The caller set no cap on the answer, so that a lower one may be (REQ-39). */
  readonly capOutput?: boolean;
}

type RepairKind = 'strip_thinking' | 'cap_output';

/** "input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000" (REQ-39) */
const overflow = /exceed context limit: (\d{1,9}) \+ \d{1,9} > (\d{1,9})/;

/** What a failure turned out to be, with the change under which the same request may be accepted, if one is left. */
export function withRepair(
  finding: Partial<Finding>,
  { status, message }: UpstreamFailure,
  repairs: Repairs,
): Partial<Finding> {
  if (status !== 400) return finding;
  if (repairs.stripThinking && finding.reason === 'invalid_thinking_signature') {
    return { ...finding, repair: { kind: 'strip_thinking' satisfies RepairKind } };
  }
  const [, input, window] = overflow.exec(message) ?? [];
  const maxTokens = Number(window) - Number(input);
  if (!repairs.capOutput || !(maxTokens >= 1)) return finding;
  return { ...finding, repair: { kind: 'cap_output' satisfies RepairKind, maxTokens } };
}

/** True when the change has been asked for. */
export function isRepaired(repairs: readonly Repair[] | undefined, kind: RepairKind): boolean {
  return repairs?.some((repair) => repair.kind === kind) ?? false;
}

/** The cap that upstream's refusal left room for; infinite without one. */
export function repairedCap(repairs: readonly Repair[] | undefined): number {
  return repairs?.find(({ kind }) => kind === 'cap_output')?.maxTokens ?? Number.POSITIVE_INFINITY;
}
