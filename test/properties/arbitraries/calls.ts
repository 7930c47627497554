import fc from 'fast-check';
import type OpenAI from 'openai7';
import { anyArguments, anyId, anyText } from './texts.ts';

type Call = OpenAI.ChatCompletionMessageToolCall;

/** Names of tools: legal ones, and what MCP servers and frameworks write. */
export const toolNames: readonly string[] = [
  'look',
  'find',
  'write',
  'fs.read',
  'n'.repeat(70),
  'web_search',
];

/** A name of a tool. */
export const toolName: fc.Arbitrary<string> = fc.constantFrom(...toolNames);

const anyCall: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(anyId, toolName, anyArguments)
      .map(([id, name, raw]): Call => ({ id, type: 'function', function: { name, arguments: raw } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyId, anyText)
      .map(([id, input]): Call => ({ id, type: 'custom', custom: { name: 'scribble', input } })),
  },
);

/** The calls of one answer, at times several at once; the ids differ. */
export const someCalls: fc.Arbitrary<Call[]> = fc.uniqueArray(anyCall, {
  minLength: 1,
  maxLength: 4,
  selector: ({ id }) => id,
});
