import { ProviderPool } from 'runestone';
import { prometheusText } from 'runestone/prometheus';
import { fails, replies, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { ask, failureOf } from '../contexts.ts';

/** Metrics by name with labels, in the text format of Prometheus. */
function read(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name = '', value = ''] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      return [name, Number(value)];
    }),
  );
}

describe('prometheusText', () => {
  it('tells of each target what `stats` counts', async () => {
    const provider = scriptedProvider('acme', [replies('Hello'), fails('invalid_request')]);
    const pool = new ProviderPool({ providers: [provider], defaultModel: 'acme/m' });
    await pool.request(ask());
    await failureOf(pool.request(ask()));
    const metrics = read(prometheusText(pool));
    expect(metrics.get('runestone_attempts_total{target="acme/m"}')).toBe(2);
    expect(metrics.get('runestone_errors_total{target="acme/m"}')).toBe(1);
    expect(metrics.get('runestone_in_flight{target="acme/m"}')).toBe(0);
    expect(metrics.get('runestone_circuit{target="acme/m",state="closed"}')).toBe(1);
    expect(metrics.get('runestone_circuit{target="acme/m",state="open"}')).toBe(0);
    expect(metrics.get('runestone_latency_seconds{target="acme/m",quantile="0.5"}')).toBeLessThan(1);
    expect(metrics.get('runestone_limiter_waiting')).toBe(0);
    const { tokens, unpriced } = pool.stats().total;
    expect(metrics.get('runestone_tokens_total{target="acme/m",bucket="output_tokens"}')).toBe(
      tokens.outputTokens,
    );
    expect(metrics.get('runestone_unpriced_total{target="acme/m"}')).toBe(unpriced);
  });

  it('has one HELP and one TYPE for each metric, before its samples, and names that Prometheus takes', async () => {
    const provider = scriptedProvider('acme', [replies('Hello')]);
    const pool = new ProviderPool({ providers: [provider], defaultModel: 'acme/m' });
    await pool.request(ask());
    const lines = prometheusText(pool, { prefix: 'app_llm' }).trimEnd().split('\n');
    let current = '';
    for (const line of lines) {
      const [, name] = /^# HELP (\S+) \S/.exec(line) ?? [];
      if (name) current = name;
      else if (line.startsWith('#')) expect(line).toMatch(new RegExp(`^# TYPE ${current} (counter|gauge)$`));
      else
        expect(line).toMatch(
          new RegExp(`^${current}(\\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\\})? [0-9.e+-]+$`),
        );
    }
    const names = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => name?.startsWith('app_llm_'))).toBe(true);
  });

  it('leaves out what is unknown, and keeps names of models from forging lines', async () => {
    const provider = scriptedProvider('acme', [fails('invalid_request')]);
    const pool = new ProviderPool({ providers: [provider], models: { odd: ['acme/a"b\\c'] } });
    await failureOf(pool.request({ ...ask(), model: 'odd' }));
    const text = prometheusText(pool);
    expect(text).toContain('{target="acme/a\\"b\\\\c"} 1');
    expect(text).not.toContain('runestone_latency_seconds{');
  });
});
