import type { Anthropic } from '@anthropic-ai/sdk';

type BuildRequest = Anthropic['buildRequest'];
type BuiltRequest = Awaited<ReturnType<BuildRequest>>;

/** What stays the same. */
type Head = Pick<BuiltRequest, 'url' | 'timeout'> & Pick<BuiltRequest['req'], 'headers'>;

/** Heads remembered; a key that rotates makes new ones. */
const MAX_HEADS = 100;

/**
 * The SDK's client, working out URL and headers once for each kind of request instead of for each request.
 *
 * It builds them anew from a dozen sources every time, which costs more than all the rest of what it does; and they
 * are the same whenever path and headers are.
 */
export function rememberHeads(Client: typeof Anthropic): typeof Anthropic {
  return class RememberingClient extends Client {
    readonly #heads = new Map<string, Head>();

    override async buildRequest(...[input, retry]: Parameters<BuildRequest>): Promise<BuiltRequest> {
      const kind = `${input.path} ${JSON.stringify(input.headers)}`;
      const head = this.#heads.get(kind);
      if (head) {
        const { url, headers, timeout } = head;
        const options = input.fetchOptions as RequestInit;
        const body = JSON.stringify(input.body);
        return { req: { ...options, method: input.method, headers, body }, url, timeout };
      }
      const built = await super.buildRequest(input, retry);
      if (this.#heads.size >= MAX_HEADS) this.#heads.clear();
      this.#heads.set(kind, { url: built.url, headers: built.req.headers, timeout: built.timeout });
      return built;
    }
  };
}
