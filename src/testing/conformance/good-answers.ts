import type { ConformanceCase, GoodAnswer } from './fixtures.ts';
import { must, mustEqual } from './must.ts';
import { soon } from './soon.ts';
import { callsOf, essence, eventsIn, type Story, textOf, usageOf } from './story.ts';
import { type Subject, type Trial, trial } from './trial.ts';

/** What a good answer must become, however its bytes come. Cases of answers that the wire does not have are left out. */
export function goodAnswers(subject: Subject): ConformanceCase[] {
  const { text, toolCall, parallelToolCalls } = subject.fixtures;
  const answers: [name: string, answer: GoodAnswer | undefined][] = [
    ['text', text],
    ['one tool call', toolCall],
    ['parallel tool calls', parallelToolCalls],
  ];
  return answers
    .flatMap(([name, answer]) => (answer ? casesOf(subject, name, answer) : []))
    .concat({
      name: 'two streams at once do not touch each other',
      run: () => trial(subject, (it) => interleaved(it, text, toolCall ?? text)),
    });
}

/** The cases of one answer. */
function casesOf(subject: Subject, name: string, answer: GoodAnswer): ConformanceCase[] {
  const withStory = (check: (story: Story) => void) => () =>
    trial(subject, async (it) => {
      const story = await it.tell(it.answer(answer.body));
      must(story.error === undefined, `a good answer must not fail, and failed with ${story.error}`);
      check(story);
      mustEqual(it.upstream.requests.length, 1, 'requests upstream for one call');
    });
  return [
    { name: `${name}: is what the host said`, run: withStory((story) => says(story, answer)) },
    { name: `${name}: finishes once, and last`, run: withStory(finishesLast) },
    ...(answer.usage
      ? [{ name: `${name}: counts its tokens`, run: withStory((story) => counts(story, answer)) }]
      : []),
    {
      name: `${name}: is the same wherever its bytes are cut`,
      run: () => trial(subject, (it) => cutAnywhere(it, answer)),
    },
  ];
}

/** Text and calls, put together from their pieces, are those that the host wrote. */
function says(story: Story, { text = '', calls = [] }: GoodAnswer): void {
  mustEqual(textOf(story), text, 'the text');
  mustEqual(
    callsOf(story),
    calls.map(({ name, arguments: input }) => ({ name, arguments: input })),
    'the tool calls',
  );
}

/** Without it an answer looks cut; twice, or early, what follows is lost. */
function finishesLast({ events }: Story): void {
  const finishes = events.filter(({ type }) => type === 'finish');
  mustEqual(finishes.length, 1, 'the number of `finish` events');
  mustEqual(events.at(-1)?.type, 'finish', 'the last event');
}

/** A provider may count more than the host did: what is looked at is what the fixture names. */
function counts(story: Story, { usage = {} }: GoodAnswer): void {
  const told = Object.entries(usageOf(story) ?? {}).filter(([name]) => name in usage);
  const sorted = (entries: [string, unknown][]): unknown => Object.fromEntries(entries.sort());
  mustEqual(sorted(told), sorted(Object.entries(usage)), 'the last usage');
}

/** Bytes of a piece: with every length of the first one, each place of a body is cut once. */
const STRIDE = 48;

/** Networks cut where they like: in an event, in a line, in a character. */
async function cutAnywhere(it: Trial, { body }: GoodAnswer): Promise<void> {
  const bytes = new TextEncoder().encode(body);
  const expected = essence(await it.tell(it.answer(body)));
  for (let first = 1; first <= Math.min(STRIDE, bytes.length); first++) {
    const pieces = [bytes.subarray(0, first), ...piecesOf(bytes.subarray(first), STRIDE)];
    const what = `the events when byte ${first}, and every ${STRIDE}th after it, comes later`;
    mustEqual(essence(await it.tell(it.answer(pieces))), expected, what);
  }
  const single = essence(await it.tell(it.answer(piecesOf(bytes, 1))));
  mustEqual(single, expected, 'the events when bytes come one by one');
}

/** Bytes in pieces of one size; the last may be smaller. */
function piecesOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

/** Reads two answers by turns, as two requests of one pool do. */
async function interleaved(it: Trial, one: GoodAnswer, other: GoodAnswer): Promise<void> {
  const bodies = [one.body, other.body];
  it.upstream.respond((_request, n) => it.answer(Array.from(bodies[(n - 1) % 2] ?? '')));
  const stories: { events: Story['events'][number][] }[] = [{ events: [] }, { events: [] }];
  const streams = stories.map(() => it.provider.stream(it.call())[Symbol.asyncIterator]());
  for (let open = streams.length; open > 0; ) {
    open = 0;
    for (const [index, stream] of streams.entries()) {
      const { value, done } = await soon(stream.next(), 'one of two streams');
      if (done) continue;
      open++;
      stories[index]?.events.push(...eventsIn(value));
    }
  }
  for (const [index, answer] of [one, other].entries()) {
    says({ events: stories[index]?.events ?? [] }, answer);
  }
}
