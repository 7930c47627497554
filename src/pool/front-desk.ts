import type { ForeignChatRequest } from '../chat/foreign-request.ts';
import { parseRequest } from '../chat/parse-request.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { type Ending, endingOf } from '../pipeline/observe.ts';
import { openStream } from '../pipeline/open-stream.ts';
import type { Operation } from '../pipeline/operation.ts';
import { Answer } from './answer.ts';
import type { Assembly } from './assemble.ts';
import type { Environment } from './environment.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { CallOptions } from './options.ts';
import { type RequestDefaults, RunningRequest } from './running-request.ts';
import { checkCall } from './settings.ts';

/** What the desk needs to take a request in. */
export interface FrontDeskParts {
  readonly assembly: Assembly;
  readonly lifecycle: Lifecycle;
  readonly defaults: RequestDefaults;
  readonly environment: Environment;
}

/** A request, read and checked. */
export interface Asked {
  readonly request: ChatRequest;
  /** @default a chat */
  readonly operation?: Operation;
}

const NO_OPTIONS: CallOptions = {};

/** Takes requests of every kind in, while the pool is open, and sees each of them to its end. */
export class FrontDesk {
  readonly #parts: FrontDeskParts;

  constructor(parts: FrontDeskParts) {
    this.#parts = parts;
  }

  /** The context of a chat request that is not going to be sent. */
  draft(input: ChatRequest | ForeignChatRequest, call: CallOptions = NO_OPTIONS): RequestContext {
    const { defaults, environment } = this.#parts;
    if (call !== NO_OPTIONS) checkCall(call);
    const running = new RunningRequest(parseRequest(input, false), call, defaults, environment);
    running.end();
    return running.context;
  }

  /**
   * @param read - reads and checks what the caller passed; called once the pool has proved open
   * @throws RunestoneError as `ProviderPool.request` does
   */
  async open(read: () => Asked, call: CallOptions = NO_OPTIONS): Promise<Answer> {
    const { assembly, lifecycle, defaults, environment } = this.#parts;
    lifecycle.enter();
    if (call !== NO_OPTIONS) checkCall(call);
    const { request, operation } = read();
    const running = new RunningRequest(request, call, defaults, environment, operation);
    lifecycle.began(running);
    const watcher = assembly.watch(running.context);
    const onEnd = (ending: Ending): void => {
      lifecycle.ended(running);
      watcher.onEnd(ending);
    };
    try {
      const opened = await openStream(assembly.handle(running.context), request.stream !== true);
      return new Answer(running, opened, onEnd);
    } catch (error) {
      const explained = running.explain(error, { committed: false });
      onEnd(endingOf(explained));
      throw explained;
    }
  }
}
