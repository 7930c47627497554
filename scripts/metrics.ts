/**
 * The numbers of the house: `npm run metrics`, or `npm run metrics -- --json`.
 *
 * Data files are left out. `test/house.test.ts` compares the same numbers with the budgets.
 */
import { budgets, complaint } from './house/budgets.ts';
import { measure } from './house/measure.ts';
import { metricsText } from './house/print.ts';
import { isData, readModules } from './house/source-files.ts';

const sources = readModules('src').filter(({ path }) => !isData(path));
const numbers = measure(sources, readModules('test'));

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(numbers, null, 2));
} else {
  console.log(metricsText('Runestone', numbers));
  const broken = budgets.map((budget) => complaint(budget, numbers)).filter((each) => each !== undefined);
  console.log(broken.length === 0 ? 'every budget is kept' : `over budget: ${broken.join('; ')}`);
}
