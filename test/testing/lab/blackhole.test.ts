import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startBlackhole } from '../../../src/testing/index.ts';

it('T4: a port on which no connection comes about, until it is closed', async () => {
  const hole = await startBlackhole();
  const { port, hostname } = new URL(hole.url);
  expect(hostname).toBe('127.0.0.1');
  const socket = connect(Number(port), hostname);
  const ending = await new Promise((resolve) => {
    socket.once('connect', resolve).once('error', resolve);
    setTimeout(resolve, 120, 'nothing');
  });
  socket.destroy();
  expect(ending).toBe('nothing');
  await hole.close();
  const late = connect(Number(port), hostname);
  expect(await new Promise((resolve) => late.once('error', resolve))).toMatchObject({ code: 'ECONNREFUSED' });
});
