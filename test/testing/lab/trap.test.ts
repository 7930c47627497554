import { expect, it } from 'vitest';
import { startTrap } from '../../../src/testing/lab/trap.ts';

it('remembers every visit, under either name, and those it is told of', async () => {
  const trap = await startTrap();
  const { port } = new URL(trap.url);
  expect((await fetch(`${trap.url}/a`, { method: 'POST', body: 'secret' })).status).toBe(200);
  await fetch(`${trap.otherHost}/b?c`);
  trap.note({ method: 'PUT', path: '/d', headers: { host: 'elsewhere' } });
  expect(trap.visits).toEqual([
    { method: 'POST', host: `127.0.0.1:${port}`, path: '/a' },
    { method: 'GET', host: `localhost:${port}`, path: '/b?c' },
    { method: 'PUT', host: 'elsewhere', path: '/d' },
  ]);
  await trap.close();
  await expect(fetch(trap.url)).rejects.toThrow();
});
