import { text, tool } from './encoding.ts';
import { type Golden, goldens } from './golden.ts';

/** One request that touches everything in which models differ. */
const request = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'One.' },
    { role: 'user', content: 'Two?' },
    { role: 'system', content: 'In French.' },
  ],
  tools: [tool('count')],
  reasoning_effort: 'high',
  max_tokens: 200_000,
  temperature: 1,
};

const REMINDER = text('<system-reminder>In French.</system-reminder>');
const TOOL = { name: 'count', input_schema: { type: 'object', properties: {} } };
const first = [
  { role: 'user', content: [text('One?')] },
  { role: 'assistant', content: [text('One.')] },
];
const inline = [
  ...first,
  { role: 'user', content: [text('Two?')] },
  { role: 'system', content: [text('In French.')] },
];
const downgraded = [...first, { role: 'user', content: [text('Two?'), REMINDER] }];
const CLAMPED = 'clamped max_tokens';
const DOWNGRADED = 'system_downgraded messages[4]';

/** What the request becomes on one model: cap, system turns or marked text, thinking, effort. */
const on = (
  name: string,
  model: string,
  cap: number,
  messages: unknown,
  fields: object,
  warnings: readonly string[],
): Golden => ({
  name,
  setting: { model },
  request,
  body: { model, max_tokens: cap, system: [text('Be brief.')], messages, tools: [TOOL], ...fields },
  warnings,
});

const HIGH = { output_config: { effort: 'high' } };
const ADAPTIVE = { thinking: { type: 'adaptive' }, ...HIGH };
const BUDGET = { thinking: { type: 'enabled', budget_tokens: 16_000 } };

goldens('one request on every class of models', [
  on('A: Opus 5.5', 'claude-opus-5-5', 128_000, inline, HIGH, [CLAMPED]),
  on('A: Fable 5.1', 'claude-fable-5-1', 128_000, inline, HIGH, [CLAMPED]),
  on('A: Mythos Preview', 'claude-mythos-preview', 128_000, downgraded, HIGH, [
    'model_deprecated model',
    CLAMPED,
    DOWNGRADED,
  ]),
  on('B: Sonnet 5.5', 'claude-sonnet-5-5', 128_000, inline, HIGH, [CLAMPED]),
  on('C: Haiku 5.5', 'claude-haiku-5-5', 128_000, inline, HIGH, [CLAMPED]),
  on('C: Opus 5', 'claude-opus-5', 128_000, inline, HIGH, [CLAMPED]),
  on('D: Sonnet 5', 'claude-sonnet-5', 128_000, downgraded, HIGH, [CLAMPED, DOWNGRADED]),
  on('E: Opus 4.8', 'claude-opus-4-8', 128_000, inline, ADAPTIVE, [CLAMPED]),
  on('E: Opus 4.7', 'claude-opus-4-7', 128_000, downgraded, ADAPTIVE, [CLAMPED, DOWNGRADED]),
  on('F: Sonnet 4.6', 'claude-sonnet-4-6', 128_000, downgraded, ADAPTIVE, [CLAMPED, DOWNGRADED]),
  on('G: Opus 4.5', 'claude-opus-4-5-20251101', 64_000, downgraded, BUDGET, [CLAMPED, DOWNGRADED]),
  on('H: Haiku 4.5', 'claude-haiku-4-5-20251001', 64_000, downgraded, BUDGET, [CLAMPED, DOWNGRADED]),
  on('H: 3.7 Sonnet', 'claude-3-7-sonnet-20250219', 64_000, downgraded, BUDGET, [
    'model_retired model',
    CLAMPED,
    DOWNGRADED,
  ]),
  on('I: 3.5 Haiku', 'claude-3-5-haiku-20241022', 8192, downgraded, {}, [
    'model_retired model',
    CLAMPED,
    DOWNGRADED,
    'unsupported_value reasoning_effort',
  ]),
  on('unknown: Fable 7', 'claude-fable-7', 128_000, inline, HIGH, ['unknown_model model', CLAMPED]),
  on('unknown: Nova', 'claude-nova', 200_000, downgraded, BUDGET, ['unknown_model model', DOWNGRADED]),
]);
