/** A place in a line, to leave it by. */
export class Place<Item> {
  readonly item: Item;
  /** Neighbours; the line's own business. */
  before: Place<Item> | undefined;
  after: Place<Item> | undefined;

  constructor(item: Item, before: Place<Item> | undefined) {
    this.item = item;
    this.before = before;
  }
}

/**
 * First in, first out; anybody may leave from the middle. All of it in constant time, and whoever left takes up
 * no memory: an array would have to shift those behind, a `Set` keeps the holes in front until it is rebuilt.
 */
export class Line<Item> {
  #first: Place<Item> | undefined;
  #last: Place<Item> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Place<Item> | undefined {
    return this.#first;
  }

  get last(): Place<Item> | undefined {
    return this.#last;
  }

  push(item: Item): Place<Item> {
    return this.#stand(item, undefined);
  }

  /** Stands in front of the first of whom that is said. */
  pushBefore(item: Item, isBehind: (other: Item) => boolean): Place<Item> {
    let other = this.#first;
    while (other && !isBehind(other.item)) other = other.after;
    return this.#stand(item, other);
  }

  #stand(item: Item, after: Place<Item> | undefined): Place<Item> {
    const before = after ? after.before : this.#last;
    const place = new Place(item, before);
    place.after = after;
    if (before) before.after = place;
    else this.#first = place;
    if (after) after.before = place;
    else this.#last = place;
    this.#size += 1;
    return place;
  }

  /** @param place - one of this line, which has not left it */
  leave(place: Place<Item>): void {
    const { before, after } = place;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.#size -= 1;
  }
}
