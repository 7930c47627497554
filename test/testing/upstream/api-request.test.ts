import { expect, it } from 'vitest';
import { notFound } from '../../../src/testing/upstream/api-request.ts';

it('what is not there is a 404 that says what', () => {
  expect(notFound('model: x')).toEqual({ kind: 'status', status: 404, message: 'model: x' });
});
