/** Someone who reads answers. The bench checks that all of it was read. */
export interface Contender {
  /** One streamed answer; resolves with its text. */
  stream(): Promise<string>;
  /** One JSON answer; resolves with its text. */
  json(): Promise<string>;
  /** Throws when something else that the bench demands of this contender was not done, of all answers so far. */
  check?(): void;
}

/** Makes a contender that talks to one host. */
export type MakeContender = (baseURL: string) => Promise<Contender>;
