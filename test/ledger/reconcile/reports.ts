import { readFileSync } from 'node:fs';

/** A report of the fixtures, as the text of its file. */
export const report = (name: string): string => readFileSync(`test/fixtures/reports/${name}`, 'utf8');
