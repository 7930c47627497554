import fc from 'fast-check';
import type OpenAI from 'openai7';
import { PNG } from '../../providers/anthropic/encode/encoding.ts';
import { anyText } from './texts.ts';

type UserPart = OpenAI.ChatCompletionContentPart;
type TextPart = OpenAI.ChatCompletionContentPartText;

/** `%PDF-1.4` and a line end. */
const PDF = 'JVBERi0xLjQK';

const breakpoint = fc.constantFrom<TextPart['prompt_cache_breakpoint']>(
  { mode: 'explicit' },
  { mode: 'explicit', ttl: '30m' },
  { mode: 'explicit', ttl: '12h' },
);

/** The part, in one of six cases with a cache breakpoint. */
function mayBreak<Part extends object>(
  part: fc.Arbitrary<Part>,
): fc.Arbitrary<Part & { prompt_cache_breakpoint?: NonNullable<TextPart['prompt_cache_breakpoint']> }> {
  return fc
    .tuple(part, fc.option(breakpoint, { freq: 5 }))
    .map(([plain, mark]) => (mark ? { ...plain, prompt_cache_breakpoint: mark } : plain));
}

/** A text as a part. */
export const textPart: fc.Arbitrary<TextPart> = mayBreak(
  anyText.map((text): TextPart => ({ type: 'text', text })),
);

/** URLs that Claude can be given an image by. */
const imageUrl = fc.constantFrom(
  `data:image/png;base64,${PNG}`,
  `data:image/jpeg;base64,${PNG}`,
  `data:IMAGE/PNG;name=a.png;base64,${PNG.replaceAll('+', '-').replaceAll('/', '_')}`,
  `data:;base64,${PNG}`,
  `data:application/pdf;base64,${PDF}`,
  'https://host.example/cat.png',
);

const imagePart = mayBreak(
  fc
    .tuple(imageUrl, fc.constantFrom('auto' as const, 'low' as const, 'high' as const, 'original' as const))
    .map(([url, detail]): UserPart => ({ type: 'image_url', image_url: { url, detail } })),
);

const fileDatas = fc.constantFrom(
  { file_data: 'aGVsbG8=', filename: 'a.txt' },
  { file_data: 'data:text/csv;base64,YSxiCjEsMgo=', filename: 'table.csv' },
  { file_data: `data:application/pdf;base64,${PDF}`, filename: 'paper.pdf' },
  { file_data: PDF },
  { file_data: PNG, filename: 'dot.png' },
  { file_data: 'https://host.example/paper.pdf' },
  { file_id: 'file_011CNha8iCJcU1wXNR6q4V8w' },
);
const filePart = mayBreak(fileDatas.map((file): UserPart => ({ type: 'file', file })));

/** Parts that are valid for OpenAI, and that Claude has nothing for. */
const foreignPart = fc.constantFrom<UserPart>(
  { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
  { type: 'file', file: { file_id: 'file-abc123' } },
  { type: 'image_url', image_url: { url: 'http://host.example/cat.png' } },
  { type: 'image_url', image_url: { url: 'data:image/svg+xml,%3Csvg/%3E' } },
);

/** A part of a user's message, now and then one that Claude cannot read. */
export const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 30, arbitrary: textPart },
  { weight: 8, arbitrary: imagePart },
  { weight: 8, arbitrary: filePart },
  { weight: 1, arbitrary: foreignPart },
);

/** A part of an assistant's message. */
export const assistantPart: fc.Arbitrary<TextPart | OpenAI.ChatCompletionContentPartRefusal> = fc.oneof(
  { weight: 4, arbitrary: textPart },
  { weight: 1, arbitrary: anyText.map((refusal) => ({ type: 'refusal' as const, refusal })) },
);
