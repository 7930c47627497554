import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { httpStatusOf, ProviderError } from '../../src/errors/index.ts';
import { asRunestoneError } from '../../src/http/foreign-error.ts';

describe('asRunestoneError', () => {
  it('leaves errors of the house as they are', () => {
    const error = new ProviderError({ provider: 'acme', code: 'timeout', message: 'acme: slow' });
    expect(asRunestoneError(error)).toBe(error);
  });

  it.each([
    new TypeError('secret of a plug-in'),
    new DOMException('secret of a plug-in', 'AbortError'),
    'secret of a plug-in',
    undefined,
    null,
  ])('tells of %s as a fault inside, and keeps what it says in `cause`', (foreign) => {
    const error = asRunestoneError(foreign);
    expect(httpStatusOf(error)).toBe(500);
    expect(error.toOpenAI().error).toMatchObject({ type: 'server_error', code: 'internal_error' });
    expect(JSON.stringify(error.toOpenAI())).not.toContain('secret');
    if (foreign !== undefined) expect(error.cause).toBe(foreign);
    expect(inspect(error.toOpenAI())).not.toContain('secret');
  });
});
