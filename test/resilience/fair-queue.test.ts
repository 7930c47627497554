import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, FairQueue, type Look, type Priority } from '../../src/resilience/fair-queue.ts';
import { runs } from '../runs.ts';

interface Item extends Claim {
  readonly name: string;
}

const item = (name: string, facts: Partial<Claim> = {}): Item => ({
  name,
  tenant: '',
  priority: 'normal',
  cost: 1,
  ...facts,
});

/** Items of one tenant each, named after it: `a1`, `a2`, … */
const of = (tenant: string, count: number, facts: Partial<Claim> = {}): Item[] =>
  Array.from({ length: count }, (_, index) => item(`${tenant}${index + 1}`, { tenant, ...facts }));

function queueOf(items: readonly Item[], most = 1_000): FairQueue<Item> {
  const queue = new FairQueue<Item>(most);
  for (const each of items) queue.push(each);
  return queue;
}

/** Serves until nobody is left, or nobody may be. */
function served(queue: FairQueue<Item>, look: (item: Item) => Look = () => 'serve', most = 1_000): string {
  const names: string[] = [];
  for (let turn = 0; turn < most; turn++) {
    const next = queue.next(look);
    if (!next) break;
    names.push(next.name);
  }
  return names.join(' ');
}

/** What is held, in bytes, once what nobody holds is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('one that comes back', () => {
  it('stands in front of those that come, and behind those that came back with a lower number', () => {
    const queue = queueOf([item('new1'), item('new2')]);
    for (const returning of [5, 3, 4]) queue.push(item(`back${returning}`, { returning }));
    queue.push(item('new3'));
    expect(served(queue)).toBe('back3 back4 back5 new1 new2 new3');
  });

  it('does not pass those of a higher priority', () => {
    const queue = queueOf([item('high', { priority: 'high' }), item('normal')]);
    queue.push(item('back', { returning: 1 }));
    expect(served(queue)).toBe('high back normal');
  });
});

describe('order', () => {
  it('is that of arrival', () => {
    const queue = queueOf(of('a', 5));
    expect(queue.size).toBe(5);
    expect(served(queue)).toBe('a1 a2 a3 a4 a5');
    expect([queue.size, queue.next(() => 'serve')]).toEqual([0, undefined]);
  });

  it('is strictly by priority, and that of arrival within one (INV-27)', () => {
    const queue = queueOf([
      item('l1', { priority: 'low' }),
      item('n1'),
      item('h1', { priority: 'high' }),
      item('n2'),
      item('h2', { priority: 'high' }),
    ]);
    expect(served(queue)).toBe('h1 h2 n1 n2 l1');
  });

  it('takes tenants in turn, however many one of them has', () => {
    const queue = queueOf([...of('a', 6), ...of('b', 2), ...of('c', 1)]);
    expect(served(queue)).toBe('a1 b1 c1 a2 b2 a3 a4 a5 a6');
  });

  it('weighs what each takes: one of ten costs as much as ten of one', () => {
    const queue = queueOf([...of('a', 3, { cost: 10 }), ...of('b', 25)]);
    const names = served(queue).split(' ');
    expect(names.slice(0, 12).filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(names.slice(0, 22).filter((name) => name.startsWith('b'))).toHaveLength(20);
  });

  it('owes nothing to one that was away', () => {
    const queue = queueOf(of('a', 20));
    served(queue, undefined, 10);
    for (const each of of('b', 20)) queue.push(each);
    expect(served(queue, undefined, 6)).toBe('b1 a11 b2 a12 b3 a13');
  });

  it('owes nothing to one that was away for the time it had too much either', () => {
    const queue = queueOf([item('a', { tenant: 'a', cost: 5 }), ...of('b', 9, { cost: 100 })]);
    expect(served(queue, undefined, 3)).toBe('a b1 b2');
    for (const each of of('a', 50, { cost: 5 })) queue.push(each);
    // It begins where the other was: 100 for 100, and of equals the one that came first.
    expect(served(queue).split(' ').indexOf('b3')).toBe(21);
  });

  it('does not let one to the front for leaving and coming back', () => {
    const queue = queueOf([...of('a', 1), ...of('b', 4)]);
    const order: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const next = queue.next(() => 'serve');
      order.push(next?.tenant ?? '');
      // Always one, and always back at once.
      if (next?.tenant === 'a') queue.push(item('a', { tenant: 'a' }));
    }
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('serves nobody while the one whose turn it is may not be: small ones do not overtake large ones', () => {
    const queue = queueOf([item('large', { cost: 100 }), item('small')]);
    const look = ({ cost }: Item): Look => (cost > 50 ? 'stop' : 'serve');
    expect(queue.next(look)).toBeUndefined();
    expect(queue.size).toBe(2);
    expect(served(queue)).toBe('large small');
  });

  it('passes over a tenant that its own limit holds back, at all priorities', () => {
    const queue = queueOf([
      ...of('a', 1, { priority: 'high' }),
      ...of('b', 1, { priority: 'high' }),
      ...of('a', 2),
      ...of('b', 2),
    ]);
    const look = ({ tenant, priority }: Item): Look =>
      tenant === 'a' && priority === 'high' ? 'skip' : 'serve';
    expect(served(queue, look)).toBe('b1 b1 b2');
    expect(served(queue)).toBe('a1 a1 a2');
  });

  it('owes nothing to one that was passed over', () => {
    const queue = queueOf([...of('a', 20), ...of('b', 20)]);
    served(queue, ({ tenant }) => (tenant === 'a' ? 'skip' : 'serve'), 10);
    // Nearly in turn from now on, and not ten of its own first.
    expect(served(queue, undefined, 6)).toBe('a1 a2 a3 b11 a4 b12');
  });
});

describe('a place', () => {
  it('can be given up, and the order of the others is kept (C2)', () => {
    const items = of('a', 4);
    const queue = queueOf(items);
    const [, second] = items;
    if (second) queue.remove(second);
    if (second) queue.remove(second);
    expect(queue.size).toBe(3);
    expect(served(queue)).toBe('a1 a3 a4');
  });

  it('given up by one of many tenants leaves nothing behind', () => {
    const queue = queueOf([item('stays', { priority: 'high', tenant: 'z' })]);
    const pass = (from: number, count: number): void => {
      for (let turn = from; turn < from + count; turn++) {
        const passing = item(`${turn}`, { tenant: `t${turn}`, priority: 'low' });
        queue.push(passing);
        queue.remove(passing);
      }
    };
    pass(0, 1_000);
    const before = heldBytes();
    pass(1_000, 100_000);
    expect(heldBytes() - before).toBeLessThan(5_000_000);
    expect([queue.size, queue.sizeOf('t1'), queue.sizeOf('z')]).toEqual([1, 0, 1]);
  });

  it('is counted for each tenant, at all priorities', () => {
    const queue = queueOf([...of('a', 3), ...of('a', 2, { priority: 'low' }), ...of('b', 1)]);
    expect([queue.sizeOf('a'), queue.sizeOf('b'), queue.sizeOf('c')]).toEqual([5, 1, 0]);
  });
});

describe('a full queue', () => {
  it('P16: refuses whoever comes', () => {
    const queue = queueOf(of('a', 3), 3);
    const late = item('late', { tenant: 'a' });
    expect(queue.push(late)).toBe(late);
    expect(served(queue)).toBe('a1 a2 a3');
  });

  it('of no places refuses everybody', () => {
    const only = item('only');
    expect(new FairQueue<Item>(0).push(only)).toBe(only);
    const back = item('back', { returning: 0 });
    expect(new FairQueue<Item>(0).push(back)).toBe(back);
  });

  it('makes room for a tenant that has less of it: the last of the longest line goes', () => {
    const queue = queueOf([...of('a', 3), ...of('b', 1)], 4);
    expect(queue.push(item('c1', { tenant: 'c' }))?.name).toBe('a3');
    // Two against one and one: nobody has too much.
    const more = item('b2', { tenant: 'b' });
    expect(queue.push(more)).toBe(more);
    expect(served(queue)).toBe('a1 b1 c1 a2');
  });

  it('makes room for one that returns: the newcomer goes that has its place, of the lowest priority first', () => {
    const queue = queueOf([...of('a', 2), ...of('b', 1, { priority: 'low' })], 3);
    const back = [0, 1, 2].map((returning) => item(`back${returning}`, { tenant: 'c', returning }));
    expect(back.map((each) => queue.push(each)?.name)).toEqual(['b1', 'a2', 'a1']);
    expect(served(queue)).toBe('back0 back1 back2');
  });

  it('is longer where none is a newcomer, or only those of a higher priority are, and then takes nobody', () => {
    const queue = queueOf([item('h', { priority: 'high' }), item('back1', { returning: 1 })], 2);
    expect(queue.push(item('back0', { returning: 0 }))).toBeUndefined();
    const late = item('late');
    expect([queue.push(late), queue.size]).toEqual([late, 3]);
    expect(served(queue)).toBe('h back0 back1');
  });

  it('makes room for a higher priority at the expense of the lowest', () => {
    const queue = queueOf([...of('a', 2), ...of('b', 1, { priority: 'low' })], 3);
    expect(queue.push(item('h', { tenant: 'a', priority: 'high' }))?.name).toBe('b1');
    expect(queue.push(item('h', { tenant: 'a', priority: 'high' }))?.name).toBe('a2');
    const low = item('l', { priority: 'low', tenant: 'z' });
    expect(queue.push(low)).toBe(low);
  });
});

const priorities: readonly Priority[] = ['high', 'normal', 'low'];
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      tenant: fc.constantFrom('a', 'b', 'c'),
      priority: fc.constantFrom(...priorities),
      cost: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('next' as const), skip: fc.constantFrom('', 'a', 'b') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }) },
);

describe('whatever happens', () => {
  it('everybody is served, displaced or gone exactly once, in order, by priority, within the bound', () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 120, size: 'max' }),
        fc.integer({ min: 0, max: 12 }),
        (commands, most) => {
          const queue = new FairQueue<Item>(most);
          let waiting: Item[] = [];
          const leaves = (gone: Item): void => {
            expect(waiting).toContain(gone);
            waiting = waiting.filter((each) => each !== gone);
          };
          for (const [number, each] of commands.entries()) {
            if (each.kind === 'push') {
              const pushed: Item = { ...each, name: `${number}` };
              waiting.push(pushed);
              const displaced = queue.push(pushed);
              if (displaced) leaves(displaced);
            } else if (each.kind === 'remove') {
              const gone = waiting[each.at % Math.max(1, waiting.length)];
              if (gone) leaves(gone);
              if (gone) queue.remove(gone);
            } else {
              const allowed = waiting.filter(({ tenant }) => tenant !== each.skip);
              const next = queue.next(({ tenant }) => (tenant === each.skip ? 'skip' : 'serve'));
              const best = Math.min(...allowed.map(({ priority }) => priorities.indexOf(priority)));
              expect(next === undefined).toBe(allowed.length === 0);
              if (!next) continue;
              expect(priorities.indexOf(next.priority)).toBe(best);
              // Nobody of its tenant and priority came before it.
              expect(
                allowed.find(({ tenant, priority }) => tenant === next.tenant && priority === next.priority),
              ).toBe(next);
              leaves(next);
            }
            expect(queue.size).toBe(waiting.length);
            expect(queue.size).toBeLessThanOrEqual(most);
          }
        },
      ),
      runs(),
    );
  });

  it('no tenant that always has somebody waiting gets more than another by more than the largest cost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 30, maxLength: 30 }), {
          minLength: 2,
          maxLength: 5,
        }),
        (costs) => {
          const items = costs.flatMap((each, tenant) =>
            each.map((cost, index) => item(`${index}`, { tenant: `${tenant}`, cost })),
          );
          const queue = queueOf(items);
          const got = costs.map(() => 0);
          for (;;) {
            const next = queue.next(() => 'serve');
            if (!next) break;
            got[Number(next.tenant)]! += next.cost;
            // As soon as one has nobody left the others share alone.
            if (costs.some((_, tenant) => queue.sizeOf(`${tenant}`) === 0)) break;
            expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(20);
          }
        },
      ),
      runs(),
    );
  });

  it('a small tenant is served soon behind a flood (no starvation)', () => {
    const queue = queueOf(of('flood', 10_000), 20_000);
    for (let turn = 0; turn < 100; turn++) queue.next(() => 'serve');
    queue.push(item('small', { tenant: 'small' }));
    const next = [queue.next(() => 'serve')?.name, queue.next(() => 'serve')?.name];
    expect(next).toContain('small');
  });
});

describe('who is ahead of one that comes', () => {
  const queue = queueOf([
    ...of('a', 3),
    ...of('a', 2, { priority: 'high' }).map((each) => ({ ...each, name: `${each.name}h` })),
    ...of('a', 4, { priority: 'low' }).map((each) => ({ ...each, name: `${each.name}l` })),
    ...of('b', 7),
  ]);

  it.each<[Priority, string, number]>([
    ['high', 'a', 2],
    ['normal', 'a', 5],
    ['low', 'a', 9],
    ['normal', 'b', 7],
    ['high', 'b', 0],
    ['normal', 'c', 0],
  ])('of %s priority, for %s: those of its own that are not below it', (priority, tenant, ahead) => {
    expect(queue.aheadOf({ priority, tenant })).toBe(ahead);
  });
});
