import { describe, expect, it } from 'vitest';
import { type ServeOptions, toServeSettings } from '../../src/node/serve-options.ts';

const authorize = () => true;

describe('toServeSettings', () => {
  it('fills the defaults in', () => {
    expect(toServeSettings({})).toEqual({
      settings: {
        port: 4003,
        addresses: ['127.0.0.1', '::1'],
        isLoopback: true,
        headTimeoutMs: 10_000,
        socket: {
          origins: [],
          messageLimitBytes: 1_048_576,
          chats: 16,
          heartbeatMs: 30_000,
          stallMs: 30_000,
          idleMs: 600_000,
        },
      },
      handler: {},
    });
  });

  it('leaves to the handler what is the handler’s, unchecked', () => {
    const rest = { authorize, hosts: ['a'], bodyLimitBytes: 5, odd: true };
    const { handler } = toServeSettings({ port: 1, host: '::1', headTimeoutMs: 5, socket: false, ...rest });
    expect(handler).toEqual(rest);
  });

  it('can do without the socket', () => {
    expect(toServeSettings({ socket: false }).settings.socket).toBe(false);
  });

  it.each([
    ['localhost', ['127.0.0.1', '::1'], true],
    ['127.0.0.1', ['127.0.0.1'], true],
    ['127.8.8.8', ['127.8.8.8'], true],
    ['::1', ['::1'], true],
  ])('%s is this machine alone', (host, addresses, isLoopback) => {
    expect(toServeSettings({ host }).settings).toMatchObject({ addresses, isLoopback });
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.0.7',
    '10.127.0.0',
    '127.0.0.1.example',
    'api.example',
    '::ffff:0.0.0.0',
    '127',
  ])('does not listen on %s for just anybody (faults 5.17)', (host) => {
    expect(() => toServeSettings({ host })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('authorize') }),
    );
    expect(toServeSettings({ host, authorize }).settings).toMatchObject({
      addresses: [host],
      isLoopback: false,
    });
  });

  it.each<readonly [object, string]>([
    [{ port: -1 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ port: '4003' }, 'port'],
    [{ port: Number.NaN }, 'port'],
    [{ host: '' }, 'host'],
    [{ headTimeoutMs: 0 }, 'headTimeoutMs'],
    [{ socket: true }, 'socket'],
    [{ socket: { chats: 0 } }, 'socket'],
    [{ socket: { origin: ['a'] } }, 'socket'],
    [{ socket: { stallMs: Number.POSITIVE_INFINITY } }, 'socket'],
  ])('refuses %o (faults 5.33)', (options, named) => {
    expect(() => toServeSettings(options as ServeOptions)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(named) }),
    );
  });
});
