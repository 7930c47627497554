import type { RowModule } from '../row.ts';
import { abortRows } from './aborts.ts';
import { before } from './before-content.ts';
import { consumerRows } from './consumers.ts';
import { dynamicsRows } from './dynamics.ts';
import { encodingRows } from './encodings.ts';
import { inBandRows } from './in-band.ts';
import { inContentRows } from './in-content.ts';
import { listenerRows } from './listeners.ts';
import { noAnswerRows } from './no-answer.ts';
import { dialectRows } from './odd-events.ts';
import { outageRows } from './outages.ts';
import { processRows } from './processes.ts';
import { redirectRows } from './redirects.ts';
import { statusRows } from './statuses.ts';
import { toolAndUsageRows } from './tools-and-usage.ts';

/** Every section of the catalogue, in its order. A new one is a file here and a line. */
export const modules: readonly RowModule[] = [
  before,
  inContentRows,
  encodingRows,
  noAnswerRows,
  dialectRows,
  inBandRows,
  toolAndUsageRows,
  statusRows,
  redirectRows,
  abortRows,
  consumerRows,
  listenerRows,
  processRows,
  outageRows,
  dynamicsRows,
];
