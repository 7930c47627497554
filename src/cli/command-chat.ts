import type { AnswerInfo, ProviderPool } from '../index.ts';
import { isRunestoneError } from '../index.ts';
import { type CliIo, exitCode, UsageError } from './cli-io.ts';
import { money } from './table.ts';

/** What is asked. */
export interface ChatQuestion {
  readonly model: string | undefined;
  readonly system: string | undefined;
  readonly prompt: string;
  readonly json: boolean;
}

/**
 * Streams an answer: its text to standard output, who answered and for how much to standard error. Ctrl-C ends the
 * stream, upstream too.
 *
 * @returns the exit code
 */
export async function chatCommand(pool: ProviderPool, io: CliIo, question: ChatQuestion): Promise<number> {
  const { model, system, prompt, json } = question;
  if (prompt.trim() === '')
    throw new UsageError('chat: nothing is asked; say it as an argument or on standard input');
  const controller = new AbortController();
  const forget = io.onInterrupt(() => controller.abort());
  try {
    const stream = await pool.streamRequest(
      {
        ...(model !== undefined && { model }),
        messages: [
          ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
          { role: 'user', content: prompt },
        ],
      },
      { signal: controller.signal },
    );
    if (json) io.out(`${JSON.stringify(await stream.completion())}\n`);
    else {
      for await (const text of stream.text()) io.out(text);
      io.out('\n');
    }
    io.err(faint(io, `${summary(stream.runestone)}\n`));
    return exitCode.ok;
  } catch (error) {
    if (controller.signal.aborted) {
      io.err('\ninterrupted\n');
      return exitCode.interrupted;
    }
    // What had arrived stands above it: a cut answer must not look like a whole one.
    if (isRunestoneError(error) && error.committed && !json) io.out('\n');
    throw error;
  } finally {
    forget();
  }
}

function summary({
  provider,
  model,
  attempts,
  usage,
  costUsd,
  ttftMs,
  durationMs,
  warnings,
}: AnswerInfo): string {
  const facts = [
    `${provider}/${model}`,
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    `${usage?.outputTokens ?? '?'} tokens`,
    money(costUsd),
    ...(ttftMs === undefined ? [] : [`first content after ${Math.round(ttftMs)} ms`]),
    `${Math.round(durationMs)} ms`,
  ];
  return [facts.join(' · '), ...warnings.map(({ message }) => `warning: ${message}`)].join('\n');
}

function faint({ isColoured }: CliIo, text: string): string {
  return isColoured ? `\u001b[2m${text}\u001b[22m` : text;
}
