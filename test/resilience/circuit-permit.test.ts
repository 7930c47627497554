import { describe, expect, it } from 'vitest';
import { CircuitPermit, type Permit } from '../../src/resilience/circuit-permit.ts';

/** A desk that writes down what it hears, and moves to generation 8 at a success. */
function issue() {
  const heard: string[] = [];
  const permit = new CircuitPermit(
    {
      succeeded: (generation) => {
        heard.push(`succeeded ${generation}`);
        return 8;
      },
      failed: (generation) => void heard.push(`failed ${generation}`),
      undecided: (generation) => void heard.push(`undecided ${generation}`),
    },
    7,
  );
  return { heard, permit };
}

describe('CircuitPermit', () => {
  it.each<{ calls: (keyof Permit)[]; heard: string[] }>([
    { calls: ['succeed', 'release'], heard: ['succeeded 7'] },
    { calls: ['succeed', 'succeed', 'succeed', 'release'], heard: ['succeeded 7'] },
    { calls: ['fail', 'release'], heard: ['failed 7'] },
    { calls: ['fail', 'fail', 'release'], heard: ['failed 7'] },
    { calls: ['fail', 'succeed', 'release'], heard: ['failed 7'] },
    { calls: ['release'], heard: ['undecided 7'] },
    { calls: ['release', 'release'], heard: ['undecided 7'] },
    { calls: ['release', 'succeed', 'fail'], heard: ['undecided 7'] },
  ])('$calls is heard as $heard', ({ calls, heard: expected }) => {
    const { heard, permit } = issue();
    for (const call of calls) permit[call]();
    expect(heard).toEqual(expected);
  });

  it('a stream that breaks after its success is a failure in the generation the success led to', () => {
    const { heard, permit } = issue();
    permit.succeed();
    permit.fail();
    permit.fail();
    permit.release();
    expect(heard).toEqual(['succeeded 7', 'failed 8']);
  });
});
