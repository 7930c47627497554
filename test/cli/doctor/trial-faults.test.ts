import { labFaults } from 'runestone/testing';
import { expect, it } from 'vitest';
import { trialFaults } from '../../../src/cli/doctor/trial-faults.ts';

it.each(trialFaults)('"$name" is a fault of the lab that has read the request', ({ selector }) => {
  const fault = labFaults[selector];
  expect(fault?.reply).toBeTypeOf('function');
  // At the door nobody knows yet which model is asked for.
  expect(fault?.atDoor).toBeUndefined();
});

it('names are told apart, and the first is none', () => {
  expect(new Set(trialFaults.map(({ name }) => name)).size).toBe(trialFaults.length);
  expect(trialFaults[0]).toMatchObject({ name: 'nothing', selector: 'ok' });
});
