/** Someone who reads answers. The bench checks that all of it was read. */
export interface Contender {
  /** One streamed answer; resolves with its text. */
  stream(): Promise<string>;
  /** One JSON answer; resolves with its text. */
  json(): Promise<string>;
  close?(): Promise<void>;
}

/** Makes a contender that talks to one host. */
export type MakeContender = (baseURL: string) => Promise<Contender>;
