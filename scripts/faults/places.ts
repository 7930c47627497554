import dns from 'node:dns';
import { type Blackhole, type SpecialPorts, startBlackhole, startSpecialPorts } from 'runestone/testing';

/** Where a row goes that does not go to the lab: ports, and names that do not resolve. */
export interface Places extends AsyncDisposable {
  /** The origin of `@refused`, `@notfound`, … */
  originOf(place: string): string;
}

/** What stands in for name servers: the error that a name gets, `undefined` for none ever. */
const names: Readonly<Record<string, string | undefined>> = {
  'notfound.lab.test': 'ENOTFOUND',
  'again.lab.test': 'EAI_AGAIN',
  'slow.lab.test': undefined,
};

/** Opens all ports and takes names in `lab.test` from the system's resolver, until it is closed. */
export async function openPlaces(): Promise<Places> {
  const ports = await startSpecialPorts();
  const blackhole = await startBlackhole();
  const giveBack = interceptLookup();
  return {
    originOf: (place) => originOf(place, ports, blackhole),
    async [Symbol.asyncDispose]() {
      giveBack();
      await Promise.all([ports.close(), blackhole.close()]);
    },
  };
}

function originOf(place: string, ports: SpecialPorts, blackhole: Blackhole): string {
  const origins: Readonly<Record<string, string>> = {
    '@notfound': 'http://notfound.lab.test:81',
    '@again': 'http://again.lab.test:81',
    '@slow': 'http://slow.lab.test:81',
    '@refused': ports.refused,
    '@acceptReset': ports.acceptReset,
    '@acceptClose': ports.acceptClose,
    '@acceptHang': ports.acceptHang,
    '@plainForTls': ports.plainForTls,
    '@blackhole': blackhole.url,
  };
  const origin = origins[place];
  if (origin === undefined) throw new RangeError(`no place is named "${place}"`);
  return origin;
}

/** `net` asks `dns.lookup` anew for each connection, so that a stand-in is seen by everybody. */
function interceptLookup(): () => void {
  const { lookup } = dns;
  const standIn = (name: string, ...rest: unknown[]): void => {
    if (!Object.hasOwn(names, name)) {
      Reflect.apply(lookup, dns, [name, ...rest]);
      return;
    }
    const code = names[name];
    const done = rest.at(-1);
    if (code === undefined || typeof done !== 'function') return;
    setImmediate(() =>
      done(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, hostname: name })),
    );
  };
  dns.lookup = Object.assign(standIn, { __promisify__: lookup.__promisify__ });
  return () => {
    dns.lookup = lookup;
  };
}
