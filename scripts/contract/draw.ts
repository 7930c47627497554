/**
 * Members of a list in an order that a seed decides, `count` of them: the same seed draws the same ones.
 *
 * The generator is Mulberry32: 32 bits of state, even enough for lots.
 */
export function draw<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const next = mulberry32(seed);
  const pool = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && pool.length > 0) drawn.push(...pool.splice(next() % pool.length, 1));
  return drawn;
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const again = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return (again ^ (again >>> 14)) >>> 0;
  };
}
