import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Slots } from '../../src/provider-kit/slots.ts';

const signal = (): AbortSignal => new AbortController().signal;

/** Notes who got a slot, in order. */
function queue(slots: Slots) {
  const got: string[] = [];
  const release = new Map<string, () => void>();
  return {
    got,
    come: (name: string, signalOf = signal()) =>
      slots.take(signalOf).then(
        (give) => {
          got.push(name);
          release.set(name, give);
        },
        (reason) => {
          got.push(`${name}: ${reason}`);
        },
      ),
    leave: async (name: string) => {
      release.get(name)?.();
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('lets in as many as there are, and the others in order', async () => {
    const { got, come, leave } = queue(new Slots(2));
    for (const name of ['a', 'b', 'c', 'd', 'e']) void come(name);
    await settled();
    expect(got).toEqual(['a', 'b']);
    await leave('b');
    expect(got).toEqual(['a', 'b', 'c']);
    await leave('a');
    await leave('c');
    expect(got).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('counts a slot that is given back twice once', async () => {
    const { got, come, leave } = queue(new Slots(1));
    for (const name of ['a', 'b', 'c']) void come(name);
    await settled();
    await leave('a');
    await leave('a');
    expect(got).toEqual(['a', 'b']);
  });

  it('is free again after everybody has left', async () => {
    const { got, come, leave } = queue(new Slots(1));
    await come('a');
    await leave('a');
    await come('b');
    expect(got).toEqual(['a', 'b']);
  });

  it('forgets who gives up, and keeps nothing of their signal', async () => {
    const { got, come, leave } = queue(new Slots(1));
    const controller = new AbortController();
    await come('a');
    void come('b', controller.signal);
    void come('c');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('gone');
    await settled();
    expect(got).toEqual(['a', 'b: gone']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await leave('a');
    expect(got).toEqual(['a', 'b: gone', 'c']);
  });

  it('leaves no listener on the signal of who has been served', async () => {
    const { come, leave } = queue(new Slots(1));
    const { signal: waiting } = new AbortController();
    await come('a');
    const served = come('b', waiting);
    await leave('a');
    await served;
    expect(getEventListeners(waiting, 'abort')).toEqual([]);
  });

  it('refuses a signal that has fired already, unless there is a slot', async () => {
    const { got, come } = queue(new Slots(1));
    await come('a', AbortSignal.abort('late'));
    await come('b', AbortSignal.abort('late'));
    expect(got).toEqual(['a', 'b: late']);
  });
});
