import { reply, startSpecialPorts, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import {
  CLOCK_FAIL_MS,
  CLOCK_WARN_MS,
  checkClock,
  clockFinding,
  clockSkewMs,
} from '../../../src/cli/doctor/check-clock.ts';

describe('the clock of this machine', () => {
  it.each([
    [[0], 'ok'],
    [[CLOCK_WARN_MS], 'ok'],
    [[-CLOCK_WARN_MS - 1], 'warning'],
    [[CLOCK_FAIL_MS], 'warning'],
    [[CLOCK_FAIL_MS + 1], 'failed'],
    // One host may be wrong itself.
    [[-3_600_000, undefined, 2_000], 'ok'],
    [[undefined], 'skipped'],
    [[], 'skipped'],
  ])('%j ms off: %s', (skews, state) => {
    const finding = clockFinding(skews);
    expect(finding.state).toBe(state);
    expect(finding.remedy !== undefined).toBe(state === 'warning' || state === 'failed');
  });

  it('says by how much it is off, and which way', () => {
    expect(clockFinding([-65_000]).message).toBe('65.0 s behind the providers');
    expect(clockFinding([65_000]).message).toBe('65.0 s ahead of the providers');
  });
});

describe('the time of a host', () => {
  const dated = (epochMs: number) =>
    startUpstream({
      respond: () => reply.status(404, { headers: { date: new Date(epochMs).toUTCString() } }),
    });

  it('is read off any answer, and no key is needed for it', async () => {
    await using upstream = await dated(1_800_000_000_000);
    expect(await clockSkewMs(upstream.url, () => 1_800_000_060_500)).toBe(60_000);
    expect(upstream.requests).toMatchObject([{ method: 'HEAD', key: undefined }]);
  });

  it('is unknown where nobody answers', async () => {
    await using ports = await startSpecialPorts();
    expect(await clockSkewMs(ports.refused)).toBeUndefined();
    expect(await clockSkewMs('not a URL')).toBeUndefined();
  });

  it('counts where it is nearest', async () => {
    await using wrong = await dated(Date.now() - 3_600_000);
    await using right = await dated(Date.now());
    expect(await checkClock([wrong.url, right.url])).toMatchObject({ check: 'clock', state: 'ok' });
    expect(await checkClock([wrong.url])).toMatchObject({ state: 'failed' });
  });
});
