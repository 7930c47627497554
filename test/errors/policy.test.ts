import { describe, expect, it } from 'vitest';
import { type ErrorCode, policy, type Verdict } from '../../src/errors/index.ts';

/** The table of error codes, as it was decided: code, retry, other target, breaker, HTTP status. */
const DECIDED = `
| invalid_request    | no  | no             | no       | 400 |
| request_too_large  | no  | no             | no       | 413 |
| context_overflow   | no  | larger_window  | no       | 400 |
| content_filtered   | no  | no             | no       | 400 |
| authentication     | no  | yes            | key_out  | 502 |
| permission         | no  | yes            | key_out  | 502 |
| quota_exhausted    | no  | yes            | key_out  | 503 |
| model_not_found    | no  | yes            | no       | 404 |
| rate_limited       | yes | yes            | cooldown | 429 |
| overloaded         | yes | yes            | yes      | 503 |
| server_error       | yes | yes            | yes      | 502 |
| conflict           | yes | yes            | no       | 409 |
| connection         | yes | yes            | yes      | 502 |
| timeout            | yes | yes            | yes      | 504 |
| stream_truncated   | yes | yes            | yes      | 502 |
| bad_response       | no  | yes            | yes      | 502 |
| redirect           | no  | yes            | yes      | 502 |
| circuit_open       | no  | yes            | no       | 503 |
| limit_exceeded     | no  | provider_scope | no       | 429 |
| queue_full         | no  | provider_scope | no       | 429 |
| queue_timeout      | no  | provider_scope | no       | 429 |
| budget_exceeded    | no  | no             | no       | 429 |
| deadline_exceeded  | no  | no             | no       | 504 |
| invalid_output     | no  | no             | no       | 502 |
| no_route           | no  | no             | no       | 404 |
| failover_exhausted | no  | no             | no       | 502 |
| config_invalid     | no  | no             | no       | 500 |
| pool_closed        | no  | no             | no       | 503 |
| cancelled          | no  | no             | no       | 499 |
`;

const YES_NO: Readonly<Record<string, unknown>> = { yes: true, no: false };
const BREAKER: Readonly<Record<string, unknown>> = { yes: 'failure', no: 'none' };

const rows = DECIDED.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, code = '', retry = '', failover = '', breaker = '', status = '']) => ({
    code,
    verdict: {
      retry: YES_NO[retry],
      failover: YES_NO[failover] ?? failover,
      breaker: BREAKER[breaker] ?? breaker,
      status: Number(status),
    },
  }));

const each = Object.entries<Verdict>(policy);

describe('the policy', () => {
  it.each(rows)('of $code is as decided', ({ code, verdict }) => {
    expect(Object.entries(policy).find(([name]) => name === code)?.[1]).toEqual(verdict);
  });

  it('has exactly the rows of the table', () => {
    expect(Object.keys(policy).sort()).toEqual(rows.map(({ code }) => code).sort());
  });

  it('never repeats a call that the same target refuses for good', () => {
    for (const [code, { retry, failover }] of each) if (retry) expect(failover, code).toBe(true);
  });

  it('answers a fault of ours or of the upstream with 5xx, and only the caller’s own with 4xx', () => {
    const clientSide = each.filter(([, { status }]) => status < 500).map(([code]) => code);
    const callers: ErrorCode[] = [
      ...([
        'invalid_request',
        'request_too_large',
        'context_overflow',
        'content_filtered',
        'model_not_found',
      ] as const),
      ...(['rate_limited', 'conflict', 'limit_exceeded', 'queue_full', 'queue_timeout'] as const),
      ...(['budget_exceeded', 'no_route', 'cancelled'] as const),
    ];
    expect(clientSide.sort()).toEqual(callers.sort());
  });
});
