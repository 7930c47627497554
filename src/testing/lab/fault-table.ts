import { beforeContent } from './data/before-content.ts';
import { bigBodies } from './data/big-bodies.ts';
import { encodings } from './data/encodings.ts';
import { errorEvents } from './data/error-events.ts';
import { hostDialects } from './data/host-dialects.ts';
import { inContent } from './data/in-content.ts';
import { misdirections } from './data/misdirections.ts';
import { noAnswer } from './data/no-answer.ts';
import { oddEvents } from './data/odd-events.ts';
import { oddTools } from './data/odd-tools.ts';
import { oddUsage } from './data/odd-usage.ts';
import { rateWaits } from './data/rate-waits.ts';
import { statuses } from './data/statuses.ts';
import type { FaultTable, LabFault } from './lab-fault.ts';

/** Every fault of the lab by its name, and `ok`, which is none. */
export const labFaults: FaultTable = {
  ok: { row: '–', about: 'a good answer', reply: ({ said }) => said() },
  ...beforeContent,
  ...inContent,
  ...encodings,
  ...bigBodies,
  ...noAnswer,
  ...oddEvents,
  ...hostDialects,
  ...errorEvents,
  ...oddTools,
  ...oddUsage,
  ...statuses,
  ...rateWaits,
  ...misdirections,
};

/** The fault of a name. Own names only: `constructor` is a word a test may send. */
export function faultNamed(name: string): LabFault | undefined {
  return Object.hasOwn(labFaults, name) ? labFaults[name] : undefined;
}
