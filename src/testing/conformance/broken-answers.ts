import type { ProviderErrorCode } from '../../provider-kit/index.ts';
import type { ConformanceCase } from './fixtures.ts';
import { must, mustFail } from './must.ts';
import { type Story, textOf } from './story.ts';
import { type Subject, type Trial, trial } from './trial.ts';

/**
 * What an answer that breaks must not become: one that looks complete.
 *
 * Nothing costs users more: they read the half, and nobody tells them.
 */
export function brokenAnswers(subject: Subject): ConformanceCase[] {
  const { unfinished, errorEvent, malformed = 'data: {"half\n\n' } = subject.fixtures;
  const of = (name: string, run: (it: Trial) => Promise<void>): ConformanceCase => ({
    name,
    run: () => trial(subject, run),
  });
  const cases = [
    of('cut before its finish: what came is told, and no finish', async (it) => {
      const story = await it.tell(it.answer(unfinished));
      must(textOf(story) !== '', 'the text before a cut must be told');
      neverFinishes(story);
    }),
    of('reset in the middle: no finish', async (it) =>
      neverFinishes(await it.tell(it.answer(unfinished, 'reset'))),
    ),
    of('an event that cannot be read: no finish', async (it) =>
      neverFinishes(await it.tell(it.answer([unfinished, malformed]))),
    ),
    of('a web page under status 200: no finish', async (it) =>
      neverFinishes(await it.tell(it.answer('<!doctype html><title>Welcome</title>'))),
    ),
    of('nothing at all under status 200: no finish', async (it) =>
      neverFinishes(await it.tell(it.answer(''))),
    ),
  ];
  if (!errorEvent) return cases;
  const { body, code } = errorEvent;
  const thrown = of(`an error in the stream: throws \`${code}\``, async (it) => {
    const story = await it.tell(it.answer([unfinished, body]));
    neverFinishes(story);
    mustFail(story.error, [code], 'an error in the stream');
  });
  return [...cases, thrown];
}

/** Codes that a break may have, as far as its provider can tell. */
const BREAKS: readonly ProviderErrorCode[] = [
  'stream_truncated',
  'connection',
  'bad_response',
  'overloaded',
  'server_error',
  'rate_limited',
];

/** To stop without a word is as good as to throw: the pool reports what is cut. */
function neverFinishes({ events, error }: Story): void {
  must(!events.some(({ type }) => type === 'finish'), 'an answer that broke must not tell `finish`');
  if (error !== undefined) {
    mustFail(error, BREAKS, 'a break');
  }
}
