import { describe, expect, it } from 'vitest';
import { Departures } from '../../src/pool/departures.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { silent } from '../contexts.ts';

function setUp() {
  const log: string[] = [];
  const made = (name: string): Provider => ({
    ...silent,
    name,
    close: async () => {
      log.push(`close ${name}`);
    },
  });
  const departures = new Departures(({ name }) => log.push(`forget ${name}`));
  const [a, b, c] = [made('a'), made('b'), made('c')];
  return { departures, log, a, b, c };
}

/** Something that is over when the test says so. */
function later(): { readonly idle: () => Promise<void>; readonly end: () => Promise<void> } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    idle: () => promise,
    end: async () => {
      resolve();
      await new Promise((turn) => setImmediate(turn));
    },
  };
}

describe('a provider that leaves', () => {
  it('is forgotten and closed when its requests are over, and not before', async () => {
    const { departures, log, a, b } = setUp();
    const { idle, end } = later();
    departures.change([a, b], [b], idle);
    expect(log).toEqual([]);
    await end();
    expect([log, departures.take()]).toEqual([['forget a', 'close a'], []]);
  });

  it('and comes back is kept', async () => {
    const { departures, log, a, b } = setUp();
    const { idle, end } = later();
    departures.change([a, b], [b], idle);
    departures.change([b], [a, b], idle);
    await end();
    expect(log).toEqual([]);
  });

  it('comes back and leaves again, waits for those who came meanwhile', async () => {
    const { departures, log, a, b } = setUp();
    const [first, second] = [later(), later()];
    departures.change([a, b], [b], first.idle);
    departures.change([b], [a, b], first.idle);
    departures.change([a, b], [b], second.idle);
    await first.end();
    expect(log).toEqual([]);
    await second.end();
    expect(log).toEqual(['forget a', 'close a']);
  });

  it('may have no close, or one that throws', async () => {
    const { departures, log, c } = setUp();
    const { close: _, ...plain } = c;
    const broken: Provider = {
      ...c,
      name: 'broken',
      close: () => {
        throw new Error('no');
      },
    };
    const { idle, end } = later();
    departures.change([plain, broken], [], idle);
    await end();
    expect(log).toEqual(['forget c', 'forget broken']);
  });

  it('is the caller’s once it was taken', async () => {
    const { departures, log, a, b, c } = setUp();
    const { idle, end } = later();
    departures.change([a, b, c], [c], idle);
    expect(departures.take()).toEqual([a, b]);
    await end();
    expect(log).toEqual([]);
  });
});

it('where nobody leaves, nobody is waited for', () => {
  const { departures, a, b } = setUp();
  const never = (): never => {
    throw new Error('asked');
  };
  departures.change([a], [a, b], never);
  expect(departures.take()).toEqual([]);
});
