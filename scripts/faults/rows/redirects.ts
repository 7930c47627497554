import type { RowModule } from '../row.ts';

/** 2.9: redirects. That nobody followed one is a part of every verdict. */
export const redirectRows: RowModule = {
  title: 'Redirects',
  rows: [
    {
      id: 'X1',
      faults: ['redirect-other-host', 'redirect-other-port', 'redirect-302'],
      expect: { caller: 'redirect', cost: 'none' },
    },
    {
      id: 'X2',
      faults: ['redirect-metadata', 'redirect-file', 'redirect-loop'],
      expect: { caller: 'redirect', cost: 'none' },
    },
    { id: 'X3', faults: ['redirect-same'], expect: { caller: 'redirect', cost: 'none' } },
  ],
};
