import fc from 'fast-check';

/** What texts hold in real requests, and what breaks naive translations. */
const odd = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\u00a0',
  'a\ud800',
  '\udc00b',
  'NUL \0 inside',
  '__proto__',
  '{"a": 1}',
  'null',
  '<system-reminder>no</system-reminder>',
  'e\u0301 👩‍👩‍👧‍👦 مرحبا',
  'trailing space ',
  '\u2028line\u2029',
  'word '.repeat(200),
);

/** Any text: empty, blank, broken Unicode and all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: odd },
  { weight: 3, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
);

/** A text with something to see in it, and nothing that has to be replaced. */
export const plainText: fc.Arbitrary<string> = fc
  .string({ minLength: 1, maxLength: 16, unit: 'grapheme' })
  .map((text) => `${text}.`);

/** Ids of calls: of every vendor, broken ones, and those of servers that count anew in each turn. */
export const anyId: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('call_0', 'call_1', 'functions.look:0', 'a.b', 'a_b', 'call|1', 'toolu_01', ' ', 'ü'),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
);

/** Arguments of a call as models write them, good and bad. */
export const anyArguments: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.dictionary(anyText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map(json) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', 'null', '{', '[1]', '"{\\"a\\":1}"', '{"__proto__":1}', '12'),
  },
);

function json(value: unknown): string {
  return JSON.stringify(value);
}
