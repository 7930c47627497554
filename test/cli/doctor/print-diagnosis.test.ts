import { expect, it } from 'vitest';
import { printDiagnosis } from '../../../src/cli/doctor/print-diagnosis.ts';

const checks = [
  { check: 'node', state: 'ok', message: 'Node 22.0.0' },
  { check: 'clock', state: 'warning', message: '40.0 s behind the providers', remedy: 'set the clock' },
] as const;

it('is a table of checks, and below it what to do', () => {
  expect(printDiagnosis({ ok: true, version: '1', checks })).toBe(
    [
      'check  state',
      'node   ok       Node 22.0.0',
      'clock  warning  40.0 s behind the providers',
      '',
      'clock: set the clock',
      '',
    ].join('\n'),
  );
});

it('is a scorecard of routes, and what they would gain', () => {
  const printed = printDiagnosis({
    ok: false,
    version: '1',
    checks: checks.slice(0, 1),
    routes: {
      passed: 2,
      total: 3,
      answered: 1,
      notTried: 4,
      trials: [
        { route: 'fast', fault: 'nothing', ended: 'answered', target: 'a/b', waitedMs: 0 },
        { route: 'fast', fault: '503, once', ended: 'error', code: 'overloaded', waitedMs: 1_250 },
        { route: 'fast', fault: 'stall', ended: 'failed', message: 'hangs', waitedMs: 0 },
      ],
      gains: [
        { route: 'fast', message: 'add a target' },
        { route: 'slow', message: 'add time' },
        { route: 'slow', message: 'add a target' },
      ],
    },
  });
  expect(printed.split('\n').slice(3)).toEqual([
    'route  when a host gives  its caller gets       after',
    'fast   nothing            the answer, by a/b    0.0 s',
    'fast   503, once          an error: overloaded  1.3 s',
    'fast   stall              FAILED: hangs         0.0 s',
    '',
    'passed 2 of 3: 1 answered, 1 ended in a typed error',
    '4 not tried, for want of time; -m <model> tries one route',
    'to gain: fast, slow: add a target',
    'to gain: slow: add time',
    '',
  ]);
});
