import { asRunestoneError } from './foreign-error.ts';
import { Refusal } from './refusal.ts';
import { errorResponse } from './respond.ts';

/** What `authorize` sees of a request: not its body, which is not read for strangers. */
export type Visitor = Pick<Request, 'method' | 'url' | 'headers'>;

/** `true` or call options, such as a tenant, for whoever may pass; the rest for whoever may not. */
export type Permission<Call extends object> = Call | boolean | null | undefined;

/** Says who may pass, and on whose behalf. What it throws is a fault of the server, never a permission. */
export type Authorize<Call extends object> = (
  visitor: Visitor,
) => Permission<Call> | Promise<Permission<Call>>;

/** Who is let in. */
export interface DoorOptions<Call extends object> {
  /** Asked before a body is read. @default everybody may pass, as long as they come by one of `hosts` */
  readonly authorize?: Authorize<Call>;
  /**
   * Names under which the server may be called, without ports; `any` for all. Guards a server that trusts its whole
   * machine against web pages: to them any name can be made to lead here (DNS rebinding).
   *
   * @default `any` with `authorize`, else `localhost`, `127.0.0.1` and `[::1]`
   */
  readonly hosts?: readonly string[] | 'any';
}

/** The names of a machine for itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What a doorkeeper says: call options of whatever the visitor asks, or how it is turned away. */
export type Entry<Call extends object> =
  | { readonly call: Call | undefined; readonly refusal?: undefined }
  | { readonly refusal: Response };

/**
 * Stands before a door, of the handler or of your own: lets visitors in, or says 401 or 403.
 *
 * Never rejects: where `authorize` throws, the visitor is turned away by 500, or by what an error of the house stands for.
 */
export function doorkeeper<Call extends object>(
  options: DoorOptions<Call>,
): (visitor: Visitor) => Promise<Entry<Call>> {
  const { authorize, hosts = authorize ? 'any' : LOOPBACK_HOSTS } = options;
  return async (visitor) => {
    try {
      if (hosts !== 'any' && !hosts.includes(hostOf(visitor))) throw strangeHost();
      const permission = authorize ? await authorize(visitor) : true;
      if (!permission) throw strangeKey();
      return { call: permission === true ? undefined : permission };
    } catch (error) {
      return { refusal: errorResponse(asRunestoneError(error), crypto.randomUUID()) };
    }
  };
}

/** The name alone, in lower case. */
function hostOf({ headers, url }: Visitor): string {
  const host = headers.get('host') ?? new URL(url).host;
  return host.replace(/:\d*$/, '').toLowerCase();
}

function strangeHost(): Refusal {
  return new Refusal('the server is not known by this name; its owner can add it to `hosts`', {
    httpStatus: 403,
    reason: 'host_not_allowed',
  });
}

/** Tells nothing of what was sent, nor what there is. */
function strangeKey(): Refusal {
  const message = 'Invalid API key';
  return new Refusal(message, {
    httpStatus: 401,
    reason: 'invalid_api_key',
    headers: { 'www-authenticate': 'Bearer' },
    body: { error: { type: 'invalid_request_error', message, code: 'invalid_api_key' } },
  });
}
