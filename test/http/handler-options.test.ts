import { describe, expect, it } from 'vitest';
import { checkHandlerOptions } from '../../src/http/handler-options.ts';

describe('checkHandlerOptions', () => {
  it.each([
    {},
    { authorize: () => true },
    { hosts: 'any' },
    { hosts: ['api.example'], bodyLimitBytes: 1, bodyTimeoutMs: 1_000 },
    { authorize: undefined, hosts: undefined },
  ])('takes %o', (options) => {
    expect(() => checkHandlerOptions(options)).not.toThrow();
  });

  it.each<readonly [object, string]>([
    [{ authorise: () => true }, 'authorise'],
    [{ authorize: true }, 'authorize: must be a function'],
    [{ authorize: null }, 'authorize'],
    [{ hosts: 'localhost' }, 'hosts'],
    [{ hosts: [] }, 'hosts'],
    [{ hosts: [''] }, 'hosts'],
    [{ bodyLimitBytes: 0 }, 'bodyLimitBytes'],
    [{ bodyLimitBytes: Number.NaN }, 'bodyLimitBytes'],
    [{ bodyLimitBytes: '1 MB' }, 'bodyLimitBytes'],
    [{ bodyTimeoutMs: 0 }, 'bodyTimeoutMs'],
    [{ bodyTimeoutMs: Number.POSITIVE_INFINITY }, 'bodyTimeoutMs'],
    [{ cors: true }, 'cors'],
  ])('refuses %o (faults 5.33)', (options, named) => {
    expect(() => checkHandlerOptions(options)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(named) }),
    );
  });
});
