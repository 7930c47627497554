import { isRunestoneError } from '../index.ts';
import { type CliIo, exitCode, UsageError } from './cli-io.ts';
import { chatCommand } from './command-chat.ts';
import { doctorCommand } from './command-doctor.ts';
import { explainCommand } from './command-explain.ts';
import { listCommand } from './command-models.ts';
import { serveCommand } from './command-serve.ts';
import { type Arguments, readArguments } from './node-arguments.ts';
import { poolOf } from './node-config-file.ts';
import { USAGE } from './usage-text.ts';
import { VERSION } from './version.ts';

type Command = (told: Arguments, io: CliIo) => Promise<number>;

/** What can be asked for. Each makes a pool of its own and closes it, so that the process ends by itself. */
const COMMANDS: Readonly<Record<string, Command>> = {
  async chat({ words, flags: { model, system, config, json = false } }, io) {
    const prompt = words.length > 0 ? words.join(' ') : await io.input();
    await using pool = await poolOf(io, config);
    return await chatCommand(pool, io, { model, system, prompt, json });
  },
  async models({ flags: { config, json = false } }, io) {
    await using pool = await poolOf(io, config);
    listCommand(pool, io, json);
    return exitCode.ok;
  },
  async explain({ words, flags: { model, config, json = false } }, io) {
    await using pool = await poolOf(io, config);
    return explainCommand(pool, io, { model, prompt: words.join(' '), json });
  },
  async serve({ flags: { config, port, host } }, io) {
    await using pool = await poolOf(io, config);
    return await serveCommand(pool, io, { port, host });
  },
  doctor({ flags: { config, model, offline = false, json = false } }, io) {
    return doctorCommand(io, { config, model, offline, json });
  },
};

/**
 * Runs one command line.
 *
 * @param argv - without the names of Node and of the script
 * @returns the exit code; never throws
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    const told = readArguments(argv);
    if (told.flags.version) {
      io.out(`${VERSION}\n`);
      return exitCode.ok;
    }
    if (told.flags.help || told.command === 'help') {
      io.out(USAGE);
      return exitCode.ok;
    }
    const command =
      told.command !== undefined && Object.hasOwn(COMMANDS, told.command) && COMMANDS[told.command];
    if (!command)
      throw new UsageError(told.command === undefined ? 'no command' : `no command "${told.command}"`);
    return await command(told, io);
  } catch (error) {
    return explained(error, io);
  }
}

/** What went wrong, in a line of talk. A fault of our own keeps its stack: it is to be reported. */
function explained(error: unknown, io: CliIo): number {
  if (error instanceof UsageError) {
    io.err(`runestone: ${error.message}\n\n${USAGE}`);
    return exitCode.usage;
  }
  if (isRunestoneError(error)) {
    io.err(`runestone: ${error.code}: ${error.message}\n`);
    return error.code === 'config_invalid' ? exitCode.usage : exitCode.failed;
  }
  io.err(`runestone: ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCode.failed;
}
