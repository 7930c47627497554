import type { AnswerOptions } from '../upstream/replies/answers.ts';
import type { AnswerReply, Reply } from '../upstream/reply.ts';
import type { Step } from '../upstream/step.ts';
import type { WireName } from '../upstream/wire-of.ts';
import type { LabParams } from './selector.ts';

/** Where redirects of the lab lead. Nobody has any business there: whoever comes is a leak. */
export interface LabPlaces {
  /** Another name of this machine, another port. */
  readonly otherHost: string;
  /** The same address, another port. */
  readonly otherPort: string;
  /** The same origin, another path. */
  readonly sameOrigin: string;
  /** Where the request itself went. */
  readonly itself: string;
}

/** A request that meets a fault. */
export interface LabAsk {
  readonly wire: WireName;
  /** What its `stream` field says. */
  readonly stream: boolean;
  readonly params: LabParams;
  /** Of its question; in every piece of the answer. */
  readonly nonce: string;
  /** The model it asks for. */
  readonly model: string;
  readonly places: LabPlaces;
  /** Its key in the clear, for hosts that echo it. */
  readonly key: string;
  /** The text of its question. */
  readonly question: string;
  /** The answer that a fault spoils: `n` pieces, the first after `ttft`, the others `gap` ms apart, all by parameter. */
  said(options?: AnswerOptions & { readonly words?: readonly string[] }): AnswerReply;
}

/** A request whose body is still under way. */
export interface LabArrival {
  readonly params: LabParams;
  /** 1 for the first request of its connection, 2 for the second, … */
  readonly nthOfConnection: number;
}

/** A way in which a host goes wrong, or is only odd. One of `reply` and `atDoor` is there. */
export interface LabFault {
  /** Its row in the catalogue of faults. */
  readonly row: string;
  /** What it does, in a few words. */
  readonly about: string;
  /** The wires that have it. @default both */
  readonly wires?: readonly WireName[];
  readonly reply?: (ask: LabAsk) => Reply;
  /** Steps played before the body of the request is read; `undefined` to read it and reply. */
  readonly atDoor?: (arrival: LabArrival) => readonly Step[] | undefined;
}

/** Faults by their names. */
export type FaultTable = Readonly<Record<string, LabFault>>;
