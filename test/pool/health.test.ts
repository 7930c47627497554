import { describe, expect, it } from 'vitest';
import { type AttemptRecord, ProviderError } from '../../src/errors/index.ts';
import { type HealthStatus, type ProviderInfo, poolHealth, providerInfo } from '../../src/pool/health.ts';
import type { TargetState } from '../../src/pool/target-state.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { EPOCH_MS, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const record: AttemptRecord = {
  attempt: 1,
  provider: 'acme',
  model: 'm',
  target: 'acme/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 500,
  ttftMs: 100,
  precision: 'unknown',
};

function setUp() {
  const { states, told } = statesOf();
  const state = (model: string): TargetState => states.of(targetOf(silent, { model }));
  const fail = (model: string, code: ProviderError['code'], times = 1, retryAfterMs?: number): void => {
    for (let time = 0; time < times; time++) {
      const permit = state(model).admit(true);
      permit?.fail(new ProviderError({ provider: 'acme', code, message: 'no', retryAfterMs }));
      permit?.release();
    }
  };
  const answer = (model: string): void => {
    state(model).began(0);
    state(model).ended(record, { sent: true, tokens: 0 });
  };
  const info = (provider: Provider = silent): ProviderInfo =>
    providerInfo(provider, [...states.all()], told.teller.epochMs());
  return { told, state, fail, answer, info };
}

describe('providerInfo', () => {
  it('of a provider that was never asked is unknown', () => {
    const { info } = setUp();
    expect(info()).toEqual({ name: 'acme', module: 'acme', status: 'unknown', models: [], targets: [] });
  });

  it('names its kind and lists its models', () => {
    const { info } = setUp();
    const provider: Provider = {
      ...silent,
      module: 'openai',
      models: [{ id: 'x', aliases: ['y'] }, { id: 'z' }],
    };
    expect(info(provider)).toMatchObject({ name: 'acme', module: 'openai', models: ['x', 'z'] });
  });

  it('shows each target that was used', () => {
    const { answer, fail, state, info } = setUp();
    answer('good');
    state('good').began(0);
    fail('limited', 'rate_limited', 1, 7_000);
    const [good, limited] = info().targets;
    expect(good).toMatchObject({ model: 'good', target: 'acme/good', circuit: 'closed', inFlight: 1 });
    expect(good?.ttftMs).toBeGreaterThan(95);
    expect(good?.ttftMs).toBeLessThan(105);
    expect(good?.cooldownUntil).toBeUndefined();
    expect(limited).toEqual({
      model: 'limited',
      target: 'acme/limited',
      circuit: 'closed',
      inFlight: 0,
      ttftMs: undefined,
      cooldownUntil: EPOCH_MS + 7_000,
    });
  });
});

describe('the status of a provider', () => {
  type Act = (world: ReturnType<typeof setUp>) => void;
  const cases: readonly (readonly [string, HealthStatus, Act])[] = [
    ['was only planned with', 'unknown', ({ state }) => void state('m')],
    ['has answered', 'healthy', ({ answer }) => answer('m')],
    [
      'has answered by one model, another untried',
      'healthy',
      ({ answer, state }) => {
        state('n');
        answer('m');
      },
    ],
    ['has one target in cooldown', 'degraded', ({ fail }) => fail('m', 'rate_limited')],
    ['has an open circuit', 'down', ({ fail }) => fail('m', 'server_error', 5)],
    ['has lost its key', 'down', ({ fail }) => fail('m', 'authentication')],
    [
      'has one circuit open, and another model that answers',
      'degraded',
      ({ fail, answer }) => {
        answer('n');
        fail('m', 'server_error', 5);
      },
    ],
    [
      'has one circuit open, and another model untried',
      'degraded',
      ({ fail, state }) => {
        state('n');
        fail('m', 'server_error', 5);
      },
    ],
    [
      'is being probed',
      'degraded',
      ({ fail, told, state }) => {
        fail('m', 'server_error', 5);
        told.pass(5_000);
        state('m').admit(false);
      },
    ],
    [
      'is back from its cooldown',
      'healthy',
      ({ fail, told, answer }) => {
        answer('m');
        fail('m', 'rate_limited', 1, 1_000);
        told.pass(1_000);
      },
    ],
  ];

  it.each(cases)('that %s is %s', (_, status, act) => {
    const world = setUp();
    act(world);
    expect(world.info().status).toBe(status);
  });
});

describe('poolHealth', () => {
  const provider = (name: string, status: HealthStatus): ProviderInfo => ({
    name,
    module: name,
    status,
    models: [],
    targets: [],
  });

  it.each([
    [[], 'unknown'],
    [['unknown'], 'unknown'],
    [['unknown', 'unknown'], 'unknown'],
    [['healthy'], 'healthy'],
    [['healthy', 'unknown'], 'healthy'],
    [['healthy', 'degraded'], 'degraded'],
    [['healthy', 'down'], 'degraded'],
    [['degraded', 'degraded'], 'degraded'],
    [['degraded', 'unknown'], 'degraded'],
    [['down', 'unknown'], 'degraded'],
    [['down', 'degraded'], 'degraded'],
    [['down'], 'down'],
    [['down', 'down'], 'down'],
  ] satisfies [HealthStatus[], HealthStatus][])(
    'of %j is %s: down only when nobody can answer',
    (statuses, status) => {
      const providers = statuses.map((each, index) => provider(`p${index}`, each));
      expect(poolHealth(providers).status).toBe(status);
    },
  );

  it('shows each provider by name', () => {
    expect(poolHealth([provider('a', 'healthy'), provider('b', 'down')]).providers).toEqual({
      a: 'healthy',
      b: 'down',
    });
  });
});
