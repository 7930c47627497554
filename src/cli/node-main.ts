import { text } from 'node:stream/consumers';
import type { CliIo } from './cli-io.ts';
import { run } from './run.ts';

const io: CliIo = {
  env: process.env,
  out: (data) => void process.stdout.write(data),
  err: (talk) => void process.stderr.write(talk),
  input: async () => (process.stdin.isTTY ? '' : text(process.stdin)),
  isColoured: process.stderr.isTTY === true && !process.env['NO_COLOR'],
  onInterrupt(stop) {
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
};

// A reader that has seen enough, as `head` does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// Not `process.exit`: what was written must arrive first.
void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
