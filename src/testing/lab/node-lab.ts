import type { Gate } from '../upstream/arrival.ts';
import { startUpstream, type UpstreamOptions } from '../upstream/node-upstream.ts';
import { listOf, objectOf, textOf } from '../upstream/read-json.ts';
import { text as textReply } from '../upstream/replies/answers.ts';
import type { Reply } from '../upstream/reply.ts';
import { keyIn, type LoggedRequest, maskKey } from '../upstream/request-log.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { type WireName, wireOf } from '../upstream/wire-of.ts';
import { faultNamed } from './fault-table.ts';
import type { LabAsk } from './lab-fault.ts';
import { labWords, nonceOf } from './lab-words.ts';
import { LAB_HEADER, parseSelector, type Selector, selectorIn, selectorPath, stepsOf } from './selector.ts';
import { type Leak, startTrap, type Trap } from './trap.ts';

/** How a lab starts. A reply of one's own goes before the fault that is selected. */
export type LabOptions = Pick<UpstreamOptions, 'port' | 'background' | 'keyless' | 'respond'>;

/** An upstream whose faults are selected by each request. */
export interface Lab extends Omit<Upstream, 'respond' | 'script'> {
  /**
   * The base URL of a host with a fault: `lab.baseURL('stall;ms=60', 'openai')`.
   *
   * Sequences change with each request of the same selector: `seq;s=status-500|stall;ms=60|ok`, the last for ever.
   * Give `id=…` before `s` to keep two of them apart.
   */
  baseURL(selector: string, wire: WireName): string;
  /** The requests that met this selector, oldest first. */
  asked(selector: string): readonly LoggedRequest[];
  /** Visits to places that only redirects name. Whoever comes there has followed one. */
  readonly leaks: readonly Leak[];
}

/**
 * Starts a lab on 127.0.0.1: both wires, each request met by the fault that its path or its `x-lab-fault` header
 * names. Without a selector it answers like any upstream. Every fault is a row of `labFaults`.
 *
 * @example
 * await using lab = await startLab();
 * const claude = anthropic({ apiKey: 'test', baseURL: lab.baseURL('eof-mid-stream', 'anthropic') });
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const trap = await startTrap();
  const desk = new LabDesk(trap, options.respond);
  const upstream = await startUpstream({ ...options, strict: false, gate: desk.gate, respond: desk.reply });
  desk.url = upstream.url;
  const close = upstream.close.bind(upstream);
  const reset = upstream.reset.bind(upstream);
  return Object.assign(upstream, {
    leaks: trap.visits,
    baseURL: (selector: string, wire: WireName) =>
      `${upstream.url}${selectorPath(selector)}${wire === 'openai' ? '/v1' : ''}`,
    asked: (selector: string) => upstream.requests.filter((request) => selectorOf(request) === selector),
    reset: () => {
      reset();
      desk.forget();
      upstream.respond(desk.reply);
    },
    close: async () => {
      await Promise.all([close(), trap.close()]);
    },
  });
}

/** Where a host redirects to within itself. */
const TRAP_PATH = '/trap';

/** Reads selectors and makes replies of them. */
class LabDesk {
  /** Of the upstream, once it listens. */
  url = '';
  readonly #trap: Trap;
  readonly #own: UpstreamOptions['respond'];
  /** How many requests each selector has met, and which of its steps the one at the door is to meet. */
  readonly #counts = new Map<string, number>();
  /** Keys in the clear by what the log shows of them, for hosts that echo them. */
  readonly #keys = new Map<string, string>();

  constructor(trap: Trap, own: UpstreamOptions['respond']) {
    this.#trap = trap;
    this.#own = own;
  }

  /** Takes the selector off the path, and deals with what must not be read. */
  readonly gate: Gate = (arrival) => {
    const inPath = selectorIn(arrival.path);
    const prefix = inPath?.prefix ?? '';
    const text = arrival.headers[LAB_HEADER] ?? inPath?.text;
    if (arrival.path.startsWith(TRAP_PATH)) this.#trap.note(arrival);
    if (text === undefined) return undefined;
    const key = keyIn(arrival.headers);
    if (key !== undefined) this.#keys.set(maskKey(key), key);
    const { name, params } = this.#stepOf(text, this.#counts.get(text) ?? 0);
    const steps = faultNamed(name)?.atDoor?.({ params, nthOfConnection: arrival.nthOfConnection });
    // What is read is counted when it is answered.
    if (steps) this.#count(text);
    return { prefix, ...(steps && { steps }) };
  };

  forget(): void {
    this.#counts.clear();
    this.#keys.clear();
    this.#trap.visits.length = 0;
  }

  /** The reply to a request that has been read. */
  readonly reply = async (request: LoggedRequest, n: number): Promise<Reply | undefined> => {
    const own = await this.#own?.(request, n);
    const text = selectorOf(request);
    if (own || text === undefined) return own;
    const selector = this.#stepOf(text, this.#count(text));
    const reply = faultNamed(selector.name)?.reply;
    if (reply) return reply(this.#ask(request, selector));
    return { kind: 'status', status: 500, message: `lab: no fault is named "${selector.name}"` };
  };

  #count(text: string): number {
    const before = this.#counts.get(text) ?? 0;
    this.#counts.set(text, before + 1);
    return before;
  }

  /** @param before - requests that the selector has met */
  #stepOf(text: string, before: number): Selector {
    const selector = parseSelector(text);
    if (selector.name !== 'seq') return selector;
    const steps = stepsOf(selector);
    return steps[Math.min(before, steps.length - 1)] ?? selector;
  }

  #ask(request: LoggedRequest, { params }: Selector): LabAsk {
    const body = objectOf(request.body);
    const nonce = nonceOf(body);
    const messages = listOf(body['messages']).map(objectOf);
    return {
      wire: wireOf(request.path, request.headers),
      stream: body['stream'] === true,
      params,
      nonce,
      model: String(body['model']),
      places: {
        otherHost: this.#trap.otherHost,
        otherPort: this.#trap.url,
        sameOrigin: `${this.url}${TRAP_PATH}/v1/messages`,
        itself: `${this.url}${request.prefix}${request.path}`,
      },
      key: this.#keys.get(request.key ?? '') ?? '',
      question: textOf(messages.at(-1)?.['content']) ?? JSON.stringify(messages.at(-1)?.['content']),
      said: ({ words, ...said } = {}) =>
        textReply(words ?? labWords(nonce, params.number('n', 4)), {
          firstMs: params.number('ttft', 0),
          delayMs: params.number('gap', 0),
          ...said,
        }),
    };
  }
}

/** The header goes before the path. */
function selectorOf({ headers, prefix }: LoggedRequest): string | undefined {
  return headers[LAB_HEADER] ?? selectorIn(prefix)?.text;
}
