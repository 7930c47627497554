import { status } from '../../upstream/replies/bytes.ts';
import type { Reply } from '../../upstream/reply.ts';
import type { FaultTable, LabAsk, LabFault } from '../lab-fault.ts';

type Headers = Readonly<Record<string, string>>;

/** How far the clock of this host is off, in milliseconds: a client that reads dates by its own clock waits for hours. */
const SKEW_MS = 5 * 3_600_000;

const limited = (row: string, about: string, headers: (ask: LabAsk) => Headers): LabFault => ({
  row,
  about,
  reply: (ask): Reply => status(429, { headers: headers(ask) }),
});

const httpDate = (epochMs: number): string => new Date(epochMs).toUTCString();

/** Refusals for too many requests, by how they name the wait (S13 to S17). `s` is seconds, `ms` milliseconds. */
export const rateWaits: FaultTable = {
  '429-seconds': limited('S13', 'seconds: `s` (1)', ({ params }) => ({
    'retry-after': params.text('s', '1'),
  })),
  '429-ms': limited('S13', 'milliseconds: `ms` (200)', ({ params }) => ({
    'retry-after-ms': params.text('ms', '200'),
  })),
  '429-both': limited('S13', 'both, of which milliseconds count', ({ params }) => ({
    'retry-after': params.text('s', '30'),
    'retry-after-ms': params.text('ms', '200'),
  })),
  '429-float': limited('S13', 'seconds with a fraction: `s` (0.2)', ({ params }) => ({
    'retry-after': params.text('s', '0.2'),
  })),
  '429-date': limited('S14', 'a date `s` (1) seconds ahead, on a clock that is hours off', ({ params }) => {
    const now = Math.floor((Date.now() - SKEW_MS) / 1_000) * 1_000;
    return { date: httpDate(now), 'retry-after': httpDate(now + params.number('s', 1) * 1_000) };
  }),
  '429-nan': limited('S15', 'a word that is no number', () => ({ 'retry-after': 'soon' })),
  '429-empty': limited('S15', 'an empty value', () => ({ 'retry-after': '' })),
  '429-zero': limited('S15', 'zero', () => ({ 'retry-after': '0' })),
  '429-negative': limited('S15', 'a negative number', () => ({ 'retry-after': '-5' })),
  '429-date-past': limited('S15', 'a date that is past', () => ({
    'retry-after': httpDate(Date.now() - 60_000),
  })),
  '429-10h': limited('S16', 'ten hours', () => ({ 'retry-after': '36000' })),
  '429-huge': limited('S16', 'more than a timer can hold', () => ({ 'retry-after': '99999999999' })),
  '429-reset-headers': limited(
    'S17',
    "only the reset of a limit, in the vendor's form, `ms` (72500) ahead",
    (ask) => {
      const ms = ask.params.number('ms', 72_500);
      if (ask.wire === 'anthropic') {
        // Whole seconds, as the API writes them, by the clock of this very answer.
        const now = Math.floor(Date.now() / 1_000) * 1_000;
        return {
          date: httpDate(now),
          'anthropic-ratelimit-requests-limit': '50',
          'anthropic-ratelimit-requests-remaining': '0',
          'anthropic-ratelimit-requests-reset': new Date(now + ms).toISOString().replace('.000Z', 'Z'),
        };
      }
      const minutes = Math.floor(ms / 60_000);
      const rest = `${(ms % 60_000) / 1_000}s`;
      return {
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': minutes > 0 ? `${minutes}m${rest}` : rest,
      };
    },
  ),
};
