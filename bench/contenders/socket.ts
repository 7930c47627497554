import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { question } from '../shapes.ts';
import type { MakeContender } from './contender.ts';

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const TEXT = /"text":"([^"]+)"/g;

/**
 * Bare connections, from which the bytes of an answer are only taken: what the machine wants for the network itself,
 * and nobody can save.
 */
export const socket: MakeContender = async (baseURL) => {
  const { port, host } = new URL(baseURL);
  const body = JSON.stringify({ ...question, stream: true });
  const request = `POST /v1/messages HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const idle: Socket[] = [];
  return {
    async stream() {
      const connection = idle.pop() ?? connect(Number(port), '127.0.0.1');
      const pieces: Buffer[] = [];
      const onData = (piece: Buffer): void => {
        pieces.push(piece);
        if (piece.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) connection.emit('answered');
      };
      connection.on('data', onData);
      connection.write(request);
      await once(connection, 'answered');
      connection.off('data', onData);
      idle.push(connection);
      return Array.from(Buffer.concat(pieces).toString().matchAll(TEXT), ([, text]) => text).join('');
    },
  };
};
