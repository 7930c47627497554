import { Line, type Place } from './line.ts';

/** Who is served before whom. */
export type Priority = 'high' | 'normal' | 'low';

/** Who waits, on whose behalf, and how much of the service it takes. */
export interface Claim {
  readonly tenant: string;
  readonly priority: Priority;
  /** Its share of the service: 1 for each request, or its tokens where those are what is short. > 0 */
  readonly cost: number;
  /**
   * It had been served, in vain: it stands in front of all that come, and behind those that were served in vain
   * before it, by this number. @default it comes
   */
  readonly returning?: number | undefined;
}

/** What may be done with the first of a line: serve it, pass over its tenant, or serve nobody at all. */
export type Look = 'serve' | 'skip' | 'stop';

/** Those of one tenant at one priority, and how much that tenant has been served. */
interface TenantLine<Item> {
  readonly tenant: string;
  readonly line: Line<Item>;
  served: number;
}

/** Whose turn it is, and what may be done with it. */
interface Turn<Item> {
  readonly item: Item;
  readonly served: number;
  readonly look: Look;
}

/** All of one priority. */
class Level<Item extends Claim> {
  readonly lines: Map<string, TenantLine<Item>> = new Map();
  /** How much a tenant has been served that was never kept waiting. */
  #even = 0;

  /** A tenant that comes, or comes back, is owed nothing for the time it was away. */
  lineOf(tenant: string): TenantLine<Item> {
    const known = this.lines.get(tenant);
    if (known) {
      if (known.line.size === 0) known.served = Math.max(known.served, this.#even);
      return known;
    }
    const made = { tenant, line: new Line<Item>(), served: this.#even };
    this.lines.set(tenant, made);
    return made;
  }

  /** The first of the least served tenant that is not passed over. */
  turn(look: (item: Item) => Look, skipped: Set<string>): Turn<Item> | undefined {
    let turn: Turn<Item> | undefined;
    for (const each of this.lines.values()) {
      const { tenant, line, served } = each;
      if (!line.first) this.#forget(each);
      else if (!skipped.has(tenant)) {
        const { item } = line.first;
        const seen = look(item);
        if (seen === 'skip') {
          skipped.add(tenant);
          each.served = Math.max(served, this.#even);
        } else if (!turn || served < turn.served) turn = { item, served, look: seen };
      }
    }
    return turn;
  }

  serve({ tenant, cost }: Item): void {
    const line = this.lineOf(tenant);
    this.#even = line.served;
    line.served += cost;
  }

  leave(place: Place<Item>): void {
    const line = this.lineOf(place.item.tenant);
    line.line.leave(place);
    if (line.line.size === 0) this.#forget(line);
  }

  /** @param mayReturn - whether a line counts in which nobody is left but those that came back */
  longest(mayReturn = true): Line<Item> | undefined {
    let longest: Line<Item> | undefined;
    for (const { line } of this.lines.values()) {
      if (!mayReturn && line.last?.item.returning !== undefined) continue;
      if (line.size > (longest?.size ?? 0)) longest = line;
    }
    return longest;
  }

  /** Not before the others have caught up, or leaving and coming back would be a way to the front. */
  #forget({ tenant, served }: TenantLine<Item>): void {
    if (served <= this.#even) this.lines.delete(tenant);
  }
}

/** Position of a priority among the levels. */
const RANK: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/**
 * A bounded queue: strictly by priority, fair between the tenants of a priority, first in first out for each tenant.
 *
 * Fair means that of all tenants that wait the one least served is next (start-time fair queueing). The first of a
 * line is never overtaken by those behind it, however much it asks for; so nobody starves among equals. When the
 * queue is full, whoever comes may take the place of one of a lower priority, or of the last of a tenant that holds
 * more places: a flood keeps out itself. One that returns has its place: a newcomer makes room for it, and where there
 * is none the queue is longer for a moment.
 */
export class FairQueue<Item extends Claim> {
  readonly #most: number;
  /** By rank. */
  readonly #levels: readonly Level<Item>[] = [new Level(), new Level(), new Level()];
  readonly #places = new Map<Item, Place<Item>>();

  /** @param most - how many may wait */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#places.size;
  }

  /** How many wait on behalf of one tenant. */
  sizeOf(tenant: string): number {
    return this.#levels.reduce((sum, { lines }) => sum + (lines.get(tenant)?.line.size ?? 0), 0);
  }

  /** How many who wait are served before one that comes now, whatever others do. */
  aheadOf({ tenant, priority }: Pick<Claim, 'tenant' | 'priority'>): number {
    return this.#levels
      .slice(0, RANK[priority] + 1)
      .reduce((sum, { lines }) => sum + (lines.get(tenant)?.line.size ?? 0), 0);
  }

  /** @returns who has no place any more: nobody, one that waited, or the item itself */
  push(item: Item): Item | undefined {
    const displaced = this.size < this.#most ? undefined : this.#displacedBy(item);
    if (displaced === item) return item;
    if (displaced) this.remove(displaced);
    const { line } = this.#levelOf(item).lineOf(item.tenant);
    const { returning } = item;
    const place =
      returning === undefined
        ? line.push(item)
        : line.pushBefore(item, ({ returning: other }) => other === undefined || other > returning);
    this.#places.set(item, place);
    return displaced;
  }

  /** Takes out whoever is next. Of each tenant the first is looked at, and none of those behind it. */
  next(look: (item: Item) => Look): Item | undefined {
    const skipped = new Set<string>();
    for (const level of this.#levels) {
      const turn = level.turn(look, skipped);
      if (!turn) continue;
      if (turn.look === 'stop') return undefined;
      level.serve(turn.item);
      this.remove(turn.item);
      return turn.item;
    }
    return undefined;
  }

  /** Gives up a place. Does nothing for one that has none. */
  remove(item: Item): void {
    const place = this.#places.get(item);
    if (!place) return;
    this.#places.delete(item);
    this.#levelOf(item).leave(place);
    // With nobody waiting nobody is owed anything.
    if (this.size === 0) for (const level of this.#levels) level.lines.clear();
  }

  #levelOf({ priority }: Item): Level<Item> {
    return this.#levels[RANK[priority]]!;
  }

  /** The last of the longest line at the lowest priority, if the newcomer has a better claim to its place. */
  #displacedBy(item: Item): Item | undefined {
    const own = RANK[item.priority];
    const returns = item.returning !== undefined;
    for (let rank = this.#levels.length - 1; rank >= own; rank--) {
      const longest = this.#levels[rank]?.longest(!returns);
      const last = longest?.last?.item;
      if (!longest || !last) continue;
      if (returns) return last;
      const mine = this.#levels[rank]?.lines.get(item.tenant)?.line.size ?? 0;
      return rank > own || longest.size > mine + 1 ? last : item;
    }
    return returns && this.#most > 0 ? undefined : item;
  }
}
