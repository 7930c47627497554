import type { Facts } from '../facts.ts';
import type { Expect, FaultRow, RowModule } from '../row.ts';

const row = (
  id: string,
  faults: readonly string[],
  expect: Expect,
  more: Partial<FaultRow> = {},
): FaultRow => ({
  id,
  faults,
  expect,
  ...more,
});

const statuses = (...codes: readonly number[]): string[] => codes.map((code) => `status-${code}`);

/** A busy machine comes late; nobody may come early. */
const LATE_MS = 400;

/** The wait that was named has been kept, and not much more. */
const waited =
  (toldMs: number) =>
  ({ cell, tookMs }: Facts): string | undefined => {
    if (cell.company !== 'recovers') return undefined;
    const isKept = tookMs >= toldMs - 1 && tookMs <= toldMs * 1.2 + LATE_MS;
    return isKept ? undefined : `waited ${Math.round(tookMs)} ms where ${toldMs} were told`;
  };

const CAP_MS = 60_000;

/** At once, with the time, and the target is asked again before long. */
const tooLong = ({ cell, got, tookMs, cooldownMs }: Facts): string | undefined => {
  if (cooldownMs > CAP_MS) return `left alone for ${cooldownMs} ms`;
  if (cell.company !== 'alone') return undefined;
  if (tookMs > LATE_MS) return `took ${Math.round(tookMs)} ms`;
  return (got?.error?.retryAfterMs ?? 0) > CAP_MS ? undefined : `tells of ${got?.error?.retryAfterMs} ms`;
};

const noMarkup = ({ got }: Facts): string | undefined =>
  /<[a-z!]/i.test(got?.error?.message ?? '') ? `markup in the message: ${got?.error?.message}` : undefined;

/** The constant of the library for a body of an error that does not come. */
const hurry = { from: 5_000, to: 150 } as const;

/** 2.8: statuses. */
export const statusRows: RowModule = {
  title: 'Statuses',
  rows: [
    row('S1', statuses(400, 422), { caller: 'invalid_request', cost: 'none' }),
    row('S2', ['400-context-length'], { caller: 'context_overflow', cost: 'none' }),
    row('S3', statuses(401), { caller: 'authentication', cost: 'none' }),
    row('S4', ['status-402', '429-spend-limit'], { caller: 'quota_exhausted', cost: 'none' }),
    row('S5', ['status-403', '403-html'], { caller: 'permission', cost: 'none' }, { check: noMarkup }),
    row('S6', statuses(404), { caller: 'model_not_found', cost: 'none' }),
    row('S7', statuses(408), { caller: 'timeout', phase: 'upstream', next: 'R', cost: 'unknown' }),
    row('S7', statuses(425), { caller: 'server_error', cost: 'unknown' }),
    row('S8', statuses(409), { caller: 'conflict', cost: 'none' }),
    row('S9', statuses(413), { caller: 'request_too_large', cost: 'none' }),
    row('S10', statuses(500, 502, 520, 524), { caller: 'server_error', cost: 'unknown' }),
    row('S10', statuses(503), { caller: 'overloaded', cost: ['none', 'unknown'] }),
    row('S10', statuses(504), { caller: 'timeout', phase: 'upstream', next: 'R', cost: 'unknown' }),
    row('S11', statuses(501), { caller: 'server_error', next: 'F', cost: 'none' }),
    row('S12', statuses(529), { caller: 'overloaded', cost: 'none' }),
    row('S13', ['429-seconds'], { caller: 'rate_limited', cost: 'none' }, { check: waited(1_000) }),
    row(
      'S13',
      ['429-ms', '429-both', '429-float'],
      { caller: 'rate_limited', cost: 'none' },
      { check: waited(200) },
    ),
    row('S14', ['429-date'], { caller: 'rate_limited', cost: 'none' }, { check: waited(1_000) }),
    row(
      'S15',
      ['status-429', '429-nan', '429-empty', '429-zero', '429-negative', '429-date-past'],
      { caller: 'rate_limited', cost: 'none' },
      { check: ({ tookMs }) => (tookMs < 1_000 ? undefined : `waited ${Math.round(tookMs)} ms`) },
    ),
    row(
      'S16',
      ['429-10h', '429-huge'],
      { caller: 'rate_limited', next: 'F', cost: 'none' },
      { check: tooLong },
    ),
    row(
      'S17',
      ['429-reset-headers'],
      { caller: 'rate_limited', next: 'F', cost: 'none' },
      { check: tooLong },
    ),
    row(
      'S17',
      ['429-reset-headers;ms=1000'],
      { caller: 'rate_limited', cost: 'none' },
      { check: waited(1_000) },
    ),
    row('S18', ['500-should-not-retry'], { caller: 'server_error', next: 'F', cost: 'unknown' }),
    row('S18', ['400-should-retry'], { caller: 'invalid_request', next: 'again', cost: 'none' }),
    row('S19', ['502-html'], { caller: 'server_error', cost: 'unknown' }, { check: noMarkup }),
    row('S19', ['503-html'], { caller: 'overloaded', cost: ['none', 'unknown'] }, { check: noMarkup }),
    row(
      'S19',
      ['504-html'],
      { caller: 'timeout', phase: 'upstream', next: 'R', cost: 'unknown' },
      { check: noMarkup },
    ),
    row('S20', ['500-reset-body', '500-empty'], { caller: 'server_error', cost: 'unknown' }),
    row('S20', ['500-giant-body'], { caller: 'server_error', cost: 'unknown' }, { lane: 'narrow' }),
    row('S20', ['500-hang-body'], { caller: 'server_error', cost: 'unknown' }, { hurry }),
    row('S20', ['500-hang-body;status=400'], { caller: 'invalid_request', cost: 'none' }, { hurry }),
    row('S20', ['400-deep-body'], { caller: 'invalid_request', cost: 'none' }, { lane: 'narrow' }),
    row('S21', statuses(999), { caller: 'bad_response', cost: 'unknown' }),
    row('S22', ['400-echoes-key'], { caller: 'invalid_request', cost: 'none' }),
  ],
};
