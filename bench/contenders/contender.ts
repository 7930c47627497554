/** What is measured, each in a process of its own. */
export type ContenderName =
  | 'floor'
  | 'anthropic-sdk'
  | 'runestone'
  | 'to-anthropic'
  | 'to-openai'
  | 'socket'
  | 'openai-sdk'
  | 'openai-sdk-on-pool';

/** What a contender can be asked for. */
export type Task = 'stream' | 'json' | 'translate';

/** Someone who does some of the tasks. Each resolves with a text, by which the bench checks that all of it was done. */
export interface Contender extends Partial<Record<Task, () => Promise<string>>> {
  /** Throws when something else that the bench demands of this contender was not done, of all answers so far. */
  check?(): void;
}

/**
 * Makes a contender that talks to one host.
 *
 * @param baseURL - where no host is needed, one that nobody asks
 */
export type MakeContender = (baseURL: string) => Promise<Contender>;
