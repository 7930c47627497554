/**
 * A process that does nothing but write a ledger, until somebody ends it. Tells after every few rows which was the
 * last, which is durable, and what time it is.
 *
 * Its arguments: the file.
 */
import { writeSync } from 'node:fs';
import { Ledger } from '../../src/ledger/ledger.ts';
import { sqliteLedger } from '../../src/sqlite/sqlite-ledger.ts';
import { rowOf } from '../ledger/rows.ts';
import { openAny } from './databases.ts';

const [, , path = ''] = process.argv;
const sink = sqliteLedger({ path, flushMs: 100, open: openAny });
const ledger = new Ledger({
  sink,
  epochMs: Date.now,
  onFailure: ({ message }) => writeSync(1, `failed: ${message}\n`),
});
await sink.ready;
setInterval(() => {
  for (let n = 0; n < 20; n++) {
    ledger.add(
      rowOf({ run: ledger.run, sequence: ledger.next(), at: Date.now(), requestId: 'x'.repeat(36) }),
    );
  }
  const { rows, flushed } = ledger.stats();
  // At once, and not by a stream: what is said was true when the process ended.
  writeSync(1, `${rows} ${flushed} ${Date.now()}\n`);
}, 5);
