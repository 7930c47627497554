import { ConfigError } from '../errors/index.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A base URL as a provider may use it: no trailing slash, no `/v1` at the end.
 *
 * @param options.keepVersion - leaves `/v1` where it stands, for hosts that have their paths under other names too
 * @param options.allowHttp - lets keys and prompts travel unencrypted to a host that is not this machine
 * @throws ConfigError for anything but `https:`, or `http:` to this machine; for credentials, query or fragment
 */
export function normalizeBaseURL(
  baseURL: string,
  options: {
    readonly provider: string;
    readonly allowHttp?: boolean | undefined;
    readonly keepVersion?: boolean;
  },
): string {
  const fault = (problem: string): ConfigError =>
    new ConfigError(`${options.provider}: baseURL: ${problem}`, {
      param: 'baseURL',
      provider: options.provider,
    });
  if (!URL.canParse(baseURL)) throw fault('is not a URL');
  const url = new URL(baseURL);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw fault('must begin with https://');
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname) && options.allowHttp !== true) {
    throw fault(
      'must begin with https://, because keys and prompts travel over it; or set `allowHttp: true`',
    );
  }
  if (url.username || url.password) throw fault('must not hold credentials; use `apiKey`');
  if (url.search || url.hash) throw fault('must not have a query or a fragment');
  return url.origin + withoutEnds(url.pathname, options.keepVersion ? ['/'] : ['/', '/v1']);
}

/** A path without any of these at its end, however often they stand there. */
function withoutEnds(path: string, ends: readonly string[]): string {
  let rest = path;
  for (let end = endOf(rest, ends); end; end = endOf(rest, ends)) rest = rest.slice(0, -end.length);
  return rest;
}

function endOf(path: string, ends: readonly string[]): string | undefined {
  return ends.find((end) => path.endsWith(end));
}
