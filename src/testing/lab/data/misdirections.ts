import { status } from '../../upstream/replies/bytes.ts';
import type { FaultTable, LabFault, LabPlaces } from '../lab-fault.ts';

const redirect = (row: string, code: number, about: string, to: (places: LabPlaces) => string): LabFault => ({
  row,
  about: `a ${code} to ${about}`,
  reply: ({ places }) => status(code, { body: '', headers: { location: to(places) } }),
});

/** Redirects (X1 to X3). Wherever they lead, nobody may follow: not even with a GET. */
export const misdirections: FaultTable = {
  'redirect-other-host': redirect('X1', 307, 'another host', ({ otherHost }) => `${otherHost}/v1/messages`),
  'redirect-other-port': redirect('X1', 308, 'another port', ({ otherPort }) => `${otherPort}/v1/messages`),
  'redirect-302': redirect('X1', 302, 'another port', ({ otherPort }) => `${otherPort}/v1/messages`),
  'redirect-metadata': redirect(
    'X2',
    307,
    'what stands in for the metadata of a cloud',
    ({ otherHost }) => `${otherHost}/latest/meta-data/iam/security-credentials/`,
  ),
  'redirect-file': redirect('X2', 307, 'a file', () => 'file:///etc/hostname'),
  'redirect-loop': redirect('X2', 307, 'itself', ({ itself }) => itself),
  'redirect-same': redirect('X3', 307, 'another path of the same origin', ({ sameOrigin }) => sameOrigin),
};
