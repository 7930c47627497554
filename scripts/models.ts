/**
 * Writes the tables of models from the reviewed lists in `scripts/data/models-*.json`, and prints where each row
 * came from: `npm run models`.
 *
 * With `--check` it writes nothing and fails when a table is not what its list says.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readCatalogue } from './models/read-catalogue.ts';
import { renderCatalogue, targetOf } from './models/render-catalogue.ts';
import { sourcesText } from './models/sources-text.ts';

const LISTS = 'scripts/data';
const check = process.argv.includes('--check');

for (const name of readdirSync(LISTS).filter((file) => /^models-.*\.json$/.test(file))) {
  const catalogue = readCatalogue(readFileSync(`${LISTS}/${name}`, 'utf8'));
  const target = targetOf(catalogue.provider);
  const text = renderCatalogue(catalogue);
  if (!check) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    console.log(sourcesText(catalogue));
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(`${target} is not what ${LISTS}/${name} says: run \`npm run models\``);
    process.exitCode = 1;
  }
}
