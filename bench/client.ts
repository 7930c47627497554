/**
 * One contender in a process of its own: works through a round when told to, and tells what CPU it took.
 *
 * A process each keeps one contender's garbage and compiled code out of another's numbers, as in a user's process.
 */
import { anthropicSdk } from './contenders/anthropic-sdk.ts';
import type { Contender, ContenderName, MakeContender } from './contenders/contender.ts';
import { floor } from './contenders/floor.ts';
import { openaiSdk, openaiSdkOnPool } from './contenders/openai-sdk.ts';
import { runestone } from './contenders/runestone.ts';
import { socket } from './contenders/socket.ts';
import { toAnthropic, toOpenAI } from './contenders/translators.ts';
import { LAST_WORDS } from './history.ts';
import { answerText, type ShapeName, shapes } from './shapes.ts';

/** What a client is told. */
export interface Round {
  readonly shape: ShapeName;
  /** Of the upstream; 0 where none is asked. */
  readonly port: number;
  readonly requests: number;
}

/** What it answers. */
export interface Measured {
  /** User and system time of the whole process, per request, in microseconds. */
  readonly cpuMicros: number;
}

const makers: Readonly<Record<ContenderName, MakeContender>> = {
  floor,
  'anthropic-sdk': anthropicSdk,
  runestone,
  'to-anthropic': toAnthropic,
  'to-openai': toOpenAI,
  socket,
  'openai-sdk': openaiSdk,
  'openai-sdk-on-pool': openaiSdkOnPool,
};
const make = makers[process.argv[2] as ContenderName];
const contenders = new Map<number, Promise<Contender>>();

async function work({ shape, port, requests }: Round): Promise<Measured> {
  if (!contenders.has(port)) contenders.set(port, make(`http://127.0.0.1:${port}`));
  const contender = await contenders.get(port)!;
  const { task, concurrency } = shapes[shape];
  const ask = contender[task];
  if (!ask) throw new Error(`${process.argv[2]} does not take part in ${shape}`);
  const expected = task === 'translate' ? LAST_WORDS : answerText;
  // Connected before the clock starts. No collection is forced: it throws away compiled code together with the
  // object shapes that only live as long as a request, and the next round would measure the compiler.
  if ((await ask()) !== expected) throw new Error(`${process.argv[2]} made something else of it`);
  const before = process.cpuUsage();
  let chars = 0;
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { length } = await ask();
      chars += length;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(before);
  contender.check?.();
  if (chars !== expected.length * requests) throw new Error(`${process.argv[2]} lost some of it`);
  return { cpuMicros: (user + system) / requests };
}

process.on('message', (round: Round) => {
  work(round).then(
    (measured) => process.send?.(measured),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
