import fc from 'fast-check';
import type OpenAI from 'openai7';
import { anySchema } from './schemas.ts';
import { anyText } from './texts.ts';

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** The fields of a request beside messages and tools. */
export type Settings = Partial<Omit<Params, 'messages' | 'model' | 'stream'>>;

const jsonSchema = fc
  .record(
    {
      name: fc.constant('answer'),
      description: anyText,
      schema: anySchema,
      strict: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['name'] },
  )
  .map((json_schema): Settings => ({ response_format: { type: 'json_schema', json_schema } }));

const tokens = fc.constantFrom(1, 900, 2000, 30_000, 200_000, null);
const penalty = fc.constantFrom(0, 0.5, -2, null);
const effort = fc.constantFrom<Exclude<Params['reasoning_effort'], undefined>>(
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null] as const),
);
const tier = fc.constantFrom<Exclude<Params['service_tier'], undefined>>(
  'auto',
  'default',
  'flex',
  'scale',
  'priority',
  'fast',
  null,
);
const endUser = fc.constantFrom('u-1', 'ann@example.com', '+41 44 668 18 00', 'x'.repeat(300));

/** One setting each, with any value that OpenAI's reference allows. */
const settings: readonly fc.Arbitrary<Settings>[] = [
  tokens.map((max_tokens) => ({ max_tokens })),
  tokens.map((max_completion_tokens) => ({ max_completion_tokens })),
  fc.constantFrom(0, 0.7, 1, 2, null).map((temperature) => ({ temperature })),
  fc.constantFrom(0, 0.9, 1, null).map((top_p) => ({ top_p })),
  fc.oneof(anyText, fc.array(anyText, { maxLength: 4 }), fc.constant(null)).map((stop) => ({ stop })),
  effort.map((reasoning_effort) => ({ reasoning_effort })),
  jsonSchema,
  fc.constantFrom<Settings>(
    { response_format: { type: 'text' } },
    { response_format: { type: 'json_object' } },
  ),
  penalty.map((frequency_penalty) => ({ frequency_penalty })),
  penalty.map((presence_penalty) => ({ presence_penalty })),
  fc.constantFrom({}, { '50256': -100 }, null).map((logit_bias) => ({ logit_bias })),
  fc
    .tuple(fc.boolean(), fc.constantFrom(0, 5))
    .map(([logprobs, top_logprobs]) => ({ logprobs, top_logprobs })),
  fc.constantFrom(7, null).map((seed) => ({ seed })),
  endUser.map((user) => ({ user })),
  endUser.map((safety_identifier) => ({ safety_identifier })),
  fc.constantFrom({ trace: 'a b' }, { user_id: 'u-2' }, null).map((metadata) => ({ metadata })),
  fc.constantFrom(true, false, null).map((store) => ({ store })),
  tier.map((service_tier) => ({ service_tier })),
  fc
    .constantFrom('low' as const, 'medium' as const, 'high' as const, null)
    .map((verbosity) => ({ verbosity })),
  anyText.map((content) => ({ prediction: { type: 'content' as const, content } })),
  fc.constantFrom<Settings>({ modalities: ['text'] }, { modalities: null }, { n: 1 }, { n: null }),
  fc.constantFrom<Settings>(
    { prompt_cache_key: 'k' },
    { prompt_cache_retention: '24h' },
    { prompt_cache_options: { mode: 'explicit', ttl: '30m' } },
    { stream_options: { include_usage: true } },
  ),
];

/** Settings that no answer of Claude's can honour. */
const refused = fc.constantFrom<Settings>(
  { n: 2 },
  { modalities: ['text', 'audio'], audio: { format: 'wav', voice: 'alloy' } },
  { moderation: { model: 'omni-moderation-latest' } },
);

/** A few settings at once; of two values for one the later counts. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .array(fc.oneof({ weight: 40, arbitrary: fc.oneof(...settings) }, { weight: 1, arbitrary: refused }), {
    maxLength: 6,
  })
  .map((list) => Object.assign({}, ...list));
