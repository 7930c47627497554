import type { Finding } from './finding.ts';
import type { UserHost } from './user-hosts.ts';

/**
 * Which variables are set, and who is registered because of them. Names alone: a key is never shown, nor a part of it.
 *
 * @param registered - names of the pool's providers; `undefined` where the pool could not be made
 */
export function checkKeys(hosts: readonly UserHost[], registered?: readonly string[]): readonly Finding[] {
  return hosts
    .filter(({ name, variables }) => variables.length > 0 || registered?.includes(name))
    .map(({ name, variables }) => {
      const set = variables.length > 0 ? `${variables.join(', ')} set` : 'address from the options';
      if (!registered) return { check: 'keys', state: 'ok', message: set };
      if (registered.includes(name)) return { check: 'keys', state: 'ok', message: `${set}: ${name}` };
      return { check: 'keys', state: 'warning', message: `${set}, but ${name} is not registered` };
    });
}
