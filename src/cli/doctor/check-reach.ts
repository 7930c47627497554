import type { HealthCheck, ProviderPool } from '../../index.ts';
import type { Finding } from './finding.ts';

/**
 * What a failed check comes from, by its code and its words, and what to do. The first that fits: from names to
 * connections to answers, as a request would come upon them.
 */
const remedies: readonly (readonly [when: RegExp, kind: string, remedy: string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|host name not found/,
    'DNS',
    'check the host of the base URL, and that this machine resolves names',
  ],
  [
    /CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/,
    'TLS',
    'check the clock of this machine, then the certificate of the host',
  ],
  [
    /UNABLE_TO|SELF_SIGNED|DEPTH_ZERO/,
    'TLS',
    'a proxy signs for the host: name its certificate in NODE_EXTRA_CA_CERTS',
  ],
  [/TLS failed/, 'TLS', 'check that the port of the base URL speaks https, and what stands between'],
  [
    /^connection: .*refused/,
    'connection',
    'nobody listens there: start the server, or check host and port of the base URL',
  ],
  [
    /no connection within|^timeout.*CONNECT/,
    'timeout',
    'a firewall drops packets, or a proxy is needed; try the address with curl',
  ],
  [
    /^timeout/,
    'timeout',
    'the host took the request and said nothing: try again, then look at its status page',
  ],
  [
    /^authentication/,
    'auth',
    'the key is not accepted: make a new one, and look for quotes or blanks around it',
  ],
  [
    /^permission/,
    'auth',
    'the key is known but may not do this: look at its rights, and the project it belongs to',
  ],
  [/^quota_exhausted/, 'quota', 'the account has no credit left, or has reached its own spending limit'],
  [/^rate_limited/, 'limit', 'the host is reached and the key is known, but it may ask no more right now'],
  [
    /^(?:bad_response|redirect|model_not_found|invalid_request)/,
    'answer',
    'something else answers there: check the path of the base URL',
  ],
  [/^(?:server_error|overloaded)/, 'host', 'the host is reached but not well: look at its status page'],
];

/**
 * What the health check of one provider means.
 *
 * The pool's own codes say what a request should do next; a person wants to know where to look, so that TLS and DNS,
 * both `connection` to a pool, are told apart here.
 */
export function reachFinding(name: string, health: HealthCheck): Finding {
  const check = `reach ${name}`;
  if (health.status === 'unknown') {
    return { check, state: 'skipped', message: 'has no check that costs nothing' };
  }
  if (health.status === 'healthy') {
    return {
      check,
      state: 'ok',
      message: `answers, and takes the key, in ${Math.round(health.latencyMs)} ms`,
    };
  }
  const told = `${health.code}: ${health.message}`;
  // What is left are connections that broke for no reason of their own.
  const [, kind, remedy] = remedies.find(([when]) => when.test(told)) ?? [
    undefined,
    'connection',
    'the connection broke off: try again, then look at proxies in between',
  ];
  return { check, state: 'failed', message: `${kind}: ${health.message}`, remedy };
}

/** Asks every provider of the pool at once, by its cheapest call: at most 10 seconds. */
export function checkReach(pool: ProviderPool): Promise<readonly Finding[]> {
  const names = pool.providers().map(({ name }) => name);
  return Promise.all(names.map(async (name) => reachFinding(name, await pool.checkHealth(name))));
}
