import type { Facts } from '../facts.ts';
import type { FaultRow, RowModule } from '../row.ts';

const STREAMS = ['stream', 'folded'] as const;

const good = (id: string, faults: readonly string[], more: Partial<FaultRow> = {}): FaultRow => ({
  id,
  faults,
  forms: STREAMS,
  expect: { caller: 'ok', cost: 'rep' },
  ...more,
});

/** Either the whole answer or an error, but nothing in between. */
const either = (id: string, faults: readonly string[], more: Partial<FaultRow> = {}): FaultRow => ({
  id,
  faults,
  forms: STREAMS,
  expect: { caller: ['ok', 'bad_response'], partial: true, cost: ['rep', 'est'] },
  ...more,
});

const unpolluted = (): string | undefined =>
  'polluted' in {} ? 'the prototype of all objects was written to' : undefined;

const calls =
  (count: number) =>
  ({ got, nonce }: Facts): string | undefined => {
    if (!got || got.error) return undefined;
    const { toolCalls } = got;
    if (toolCalls.length !== count) return `${toolCalls.length} tool calls, not ${count}`;
    const [first] = toolCalls;
    if (count === 0 || !first) return undefined;
    if (first.id === '' || first.name !== 'weather') return `the call is ${first.name} (${first.id})`;
    return first.arguments === JSON.stringify({ city: nonce }) ? undefined : `arguments ${first.arguments}`;
  };

/** A known model of another name, by wire: what is served is told, and priced where its price is known. */
const otherModel = ({ got, cell }: Facts): string | undefined => {
  const named = /model=(.*)$/.exec(cell.fault)?.[1];
  return got?.model === named || got?.attempts.length !== 1 ? undefined : `told ${got.model}, not ${named}`;
};

/** 2.5: events that are wrong, and hosts that speak a dialect. */
export const dialectRows: RowModule = {
  title: 'Events that are wrong',
  rows: [
    good('V1', ['unknown-event', 'unknown-block']),
    good('V2', ['unknown-stop-reason'], {
      forms: ['stream', 'folded', 'whole'],
      check: ({ got }) =>
        !got || got.error || ['stop', 'length', 'tool_calls', 'content_filter'].includes(got.finish ?? '')
          ? undefined
          : `finish reason ${got.finish}`,
    }),
    good('V3', ['duplicate-start']),
    {
      id: 'V4',
      faults: ['spliced-message'],
      forms: STREAMS,
      expect: { caller: 'bad_response', partial: true, cost: 'est' },
      check: calls(0),
    },
    {
      id: 'V5',
      faults: ['content-before-start'],
      forms: STREAMS,
      expect: { caller: ['ok', 'bad_response'], cost: ['rep', 'unknown'] },
    },
    good('V6', ['delta-unknown-index']),
    either(
      'V7',
      ['proto', 'negative', 'half', 'huge', 'null'].map((index) => `hostile-index;i=${index}`),
      {
        check: unpolluted,
      },
    ),
    good('V8', ['block-not-closed']),
    good('V9', ['events-after-stop']),
    either('V10', ['fake-done;mark=[DONE].', 'fake-done;mark=[done]', 'fake-done;mark="[DONE]"']),
    {
      id: 'V11',
      faults: ['malformed-json'],
      forms: STREAMS,
      expect: { caller: 'bad_response', partial: true, cost: 'est' },
      check: ({ got }) =>
        got?.error?.shown.includes('STRAY') ? 'the payload stands in the error' : undefined,
    },
    either(
      'V12',
      ['null', '42', '""', '[]', 'true'].map((value) => `non-object-json;v=${value}`),
    ),
    good('V13', ['proto-keys'], { forms: ['stream', 'folded', 'whole'], check: unpolluted }),
    either('V14', ['deep-json'], { lane: 'narrow', forms: ['stream', 'folded', 'whole'] }),
    good('V15', ['model-mismatch;model=claude-sonnet-5-5'], {
      wires: ['anthropic'],
      forms: ['stream', 'folded', 'whole'],
      check: otherModel,
    }),
    good('V15', ['model-mismatch;model=model-of-another-name'], {
      forms: ['stream', 'folded', 'whole'],
      expect: { caller: 'ok', cost: 'unknown' },
      check: otherModel,
    }),
    good('V16', ['content-in-start']),
    good('V17', ['leading-empty-choices', 'reasoning-content', 'finish-with-content', 'obfuscation']),
    good('V17', ['one-shot-tool', 'empty-tool-id', 'empty-tool-name'], {
      asking: { tools: true },
      companies: ['alone'],
      check: calls(1),
    }),
  ],
};
