import type { ProviderErrorCode } from '../../provider-kit/index.ts';
import type { ConformanceCase } from './fixtures.ts';
import { must, mustEqual, mustFail } from './must.ts';
import { type Subject, type Trial, trial } from './trial.ts';

/** What a status means. Those of a second kind are worth waiting for, when the host says how long. */
const MEANINGS: readonly (readonly [status: number, code: ProviderErrorCode, mayWait: boolean])[] = [
  [302, 'redirect', false],
  [307, 'redirect', false],
  [400, 'invalid_request', false],
  [401, 'authentication', false],
  [402, 'quota_exhausted', false],
  [403, 'permission', false],
  [404, 'model_not_found', false],
  [408, 'timeout', true],
  [409, 'conflict', true],
  [413, 'request_too_large', false],
  [422, 'invalid_request', false],
  [425, 'server_error', true],
  [429, 'rate_limited', true],
  [500, 'server_error', true],
  [502, 'server_error', true],
  [503, 'overloaded', true],
  [504, 'timeout', true],
  [529, 'overloaded', true],
];

/** Each status becomes its code, with the wait that the host names; nothing is asked twice or followed. */
export function statusCodes(subject: Subject): ConformanceCase[] {
  return MEANINGS.flatMap(([status, code, mayWait]) => [
    {
      name: `status ${status}: throws \`${code}\``,
      run: () => trial(subject, (it) => refused(it, status, code, undefined)),
    },
    {
      name: `status ${status} with Retry-After: ${mayWait ? 'says how long' : 'is the same'}`,
      run: () => trial(subject, (it) => refused(it, status, code, mayWait ? 7 : 'ignored')),
    },
  ]);
}

/** @param retryAfter - seconds that must be told; `ignored` sends some of which nothing need be told */
async function refused(
  it: Trial,
  status: number,
  code: ProviderErrorCode,
  retryAfter: number | 'ignored' | undefined,
): Promise<void> {
  const headers = {
    ...(retryAfter !== undefined && { 'retry-after': '7' }),
    ...(status < 400 && { location: `${it.upstream.url}/elsewhere` }),
  };
  const { events, error } = await it.tell(it.refusal(status, 'the host says no', headers));
  must(!events.some(({ type }) => type === 'finish'), `status ${status} must not tell \`finish\``);
  const failure = mustFail(error, [code], `status ${status}`);
  mustEqual(failure.status, status, '`status` of the error');
  if (retryAfter !== 'ignored') {
    const told = retryAfter === undefined ? undefined : retryAfter * 1_000;
    mustEqual(failure.retryAfterMs, told, '`retryAfterMs` of the error');
  }
  mustEqual(it.upstream.requests.length, 1, 'requests upstream for one call');
}
