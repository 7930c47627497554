import type { Dialect } from '../dialect.ts';
export const responsesDialect: Dialect = { name: 'responses', read() { throw new Error('x'); } };
