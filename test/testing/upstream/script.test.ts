import { describe, expect, it } from 'vitest';
import { status } from '../../../src/testing/upstream/replies/bytes.ts';
import { openEntry } from '../../../src/testing/upstream/request-log.ts';
import { Script } from '../../../src/testing/upstream/script.ts';

const request = (path = '/v1/messages') =>
  openEntry({ method: 'POST', path, query: '', body: {}, bodyBytes: 2 }, {}, 0);

describe('Script', () => {
  it('has nothing special to say at first', async () => {
    expect(await new Script().next(request())).toBeUndefined();
  });

  it('plays queued replies once, in order', async () => {
    const script = new Script();
    script.add([status(500), status(503)]);
    script.add([status(529)]);
    const seen = [];
    for (let turn = 0; turn < 4; turn++) seen.push(await script.next(request()));
    expect(seen).toEqual([status(500), status(503), status(529), undefined]);
  });

  it('does not use up a reply for a health check', async () => {
    const script = new Script();
    script.add([status(500)]);
    expect(await script.next(request('/v1/models'))).toBeUndefined();
    expect(await script.next(request())).toEqual(status(500));
  });

  it('asks the responder once the queue is empty, with the count of that path', async () => {
    const script = new Script();
    const asked: [string, number][] = [];
    script.add([status(500)]);
    script.respond(({ path }, n) => {
      asked.push([path, n]);
      return n === 2 ? status(503) : undefined;
    });
    expect(await script.next(request())).toEqual(status(500));
    expect(await script.next(request())).toEqual(status(503));
    expect(await script.next(request('/v1/models'))).toBeUndefined();
    expect(asked).toEqual([
      ['/v1/messages', 2],
      ['/v1/models', 1],
    ]);
  });

  it('waits for a responder that takes its time', async () => {
    const script = new Script();
    script.respond(async () => status(504));
    expect(await script.next(request())).toEqual(status(504));
  });

  it('has replies for both wires, whatever prefix a host puts before the path', async () => {
    const script = new Script();
    script.add([status(500), status(503), status(529)]);
    const paths = ['/v1/chat/completions', '/v1/embeddings', '/openai/v1/chat/completions', '/v1/messages'];
    const seen = [];
    for (const path of paths) seen.push(await script.next(request(path)));
    expect(seen).toEqual([status(500), undefined, status(503), status(529)]);
  });

  it('counts what asks a model, and forgets everything when cleared', async () => {
    const script = new Script();
    script.add([status(500), status(500)]);
    script.respond(() => status(503));
    await script.next(request());
    await script.next(request('/v1/models'));
    await script.next(request('/v1/chat/completions'));
    expect(script.modelCalls).toBe(2);
    script.clear();
    expect(script.modelCalls).toBe(0);
    expect(await script.next(request())).toBeUndefined();
  });
});
