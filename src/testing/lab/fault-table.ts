import { beforeContent } from './faults/before-content.ts';
import { bigBodies } from './faults/big-bodies.ts';
import { encodings } from './faults/encodings.ts';
import { errorEvents } from './faults/error-events.ts';
import { hostDialects } from './faults/host-dialects.ts';
import { inContent } from './faults/in-content.ts';
import { misdirections } from './faults/misdirections.ts';
import { noAnswer } from './faults/no-answer.ts';
import { oddEvents } from './faults/odd-events.ts';
import { oddTools } from './faults/odd-tools.ts';
import { oddUsage } from './faults/odd-usage.ts';
import { rateWaits } from './faults/rate-waits.ts';
import { statuses } from './faults/statuses.ts';
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
