import { isRunestoneError, ProviderPool } from '../index.ts';
import { type CliIo, exitCode } from './cli-io.ts';
import { checkClock } from './doctor/check-clock.ts';
import { checkKeys } from './doctor/check-keys.ts';
import { checkReach } from './doctor/check-reach.ts';
import { checkRuntime } from './doctor/check-runtime.ts';
import type { Finding } from './doctor/finding.ts';
import { type Diagnosis, printDiagnosis } from './doctor/print-diagnosis.ts';
import { type Scorecard, scoreRoutes } from './doctor/scorecard.ts';
import { type UserHost, type UserOptions, userHosts } from './doctor/user-hosts.ts';
import { optionsOf } from './node-config-file.ts';
import { VERSION } from './version.ts';

/** What is looked at. */
export interface DoctorRequest {
  readonly config: string | undefined;
  /** One route alone. */
  readonly model: string | undefined;
  /** Asks no provider, neither for its health nor for the time. */
  readonly offline: boolean;
  readonly json: boolean;
}

/**
 * Looks at everything that a pool of the user's depends on: Node, keys, the way to each provider, the clock, and how
 * its routes meet the faults of a lab.
 *
 * @returns the exit code: failed where a check or a trial did
 */
export async function doctorCommand(io: CliIo, request: DoctorRequest): Promise<number> {
  const diagnosis = await examine(io, request);
  io.out(request.json ? `${JSON.stringify(diagnosis)}\n` : printDiagnosis(diagnosis));
  return diagnosis.ok ? exitCode.ok : exitCode.failed;
}

/** Checks in the order in which things have to work; what fails early is told beside what could still be looked at. */
async function examine(io: CliIo, { config, model, offline }: DoctorRequest): Promise<Diagnosis> {
  const checks: Finding[] = [checkRuntime(process.versions.node)];
  let routes: Scorecard | undefined;
  try {
    const options = await optionsOf(io, config);
    const hosts = userHosts(options);
    await using pool = openPool(options, hosts, checks);
    if (pool) {
      const registered = hosts.filter(({ name }) => pool.providers().some((each) => each.name === name));
      io.err(`${offline ? 'trying' : 'asking the providers, and trying'} your routes against a fault lab\n`);
      // Both at once: one waits for the network, the other for none.
      const [network, card] = await Promise.all([
        offline ? [skipped('reach'), skipped('clock')] : askNetwork(pool, registered),
        scoreRoutes({ options, registered, testing: await import('../testing/index.ts') }, model),
      ]);
      checks.push(...network);
      routes = card;
    }
  } catch (error) {
    if (!isRunestoneError(error)) throw error;
    checks.push({ check: 'options', state: 'failed', message: error.message });
  }
  const isWell = checks.every(({ state }) => state !== 'failed') && routes?.passed === routes?.total;
  return { ok: isWell, version: VERSION, checks, ...(routes && { routes }) };
}

/** The user's own pool; what is known of its keys goes to the checks, also where it cannot be made. */
function openPool(
  options: UserOptions,
  hosts: readonly UserHost[],
  checks: Finding[],
): ProviderPool | undefined {
  try {
    const pool = ProviderPool.fromEnv(options);
    checks.push(
      ...checkKeys(
        hosts,
        pool.providers().map(({ name }) => name),
      ),
    );
    return pool;
  } catch (error) {
    checks.push(...checkKeys(hosts));
    throw error;
  }
}

/** Both go to the same hosts, the second without a key. */
async function askNetwork(pool: ProviderPool, hosts: readonly UserHost[]): Promise<readonly Finding[]> {
  const urls = hosts.flatMap(({ baseURL }) => baseURL ?? []);
  const [reach, clock] = await Promise.all([checkReach(pool), checkClock(urls)]);
  return [...reach, clock];
}

function skipped(check: string): Finding {
  return { check, state: 'skipped', message: 'offline' };
}
