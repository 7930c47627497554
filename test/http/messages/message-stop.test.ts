import { describe, expect, it } from 'vitest';
import type { FinishReason } from '../../../src/chat/events.ts';
import { messageStop } from '../../../src/http/messages/message-stop.ts';

describe('messageStop', () => {
  it.each<[FinishReason, string | undefined, string]>([
    ['stop', 'end_turn', 'end_turn'],
    ['stop', 'stop', 'end_turn'],
    ['stop', undefined, 'end_turn'],
    ['stop', 'stop_sequence', 'stop_sequence'],
    ['stop', 'pause_turn', 'pause_turn'],
    // An answer in the clothes of a call (RF-4, FIN-4), and a word nobody knows yet (FIN-12).
    ['stop', 'tool_use', 'end_turn'],
    ['stop', 'new_word', 'end_turn'],
    ['length', 'max_tokens', 'max_tokens'],
    ['length', 'length', 'max_tokens'],
    ['length', 'model_context_window_exceeded', 'model_context_window_exceeded'],
    // A cut is a cut, whatever a host calls it.
    ['length', 'stop_sequence', 'max_tokens'],
    ['tool_calls', 'end_turn', 'tool_use'],
    ['tool_calls', 'tool_calls', 'tool_use'],
    ['content_filter', 'refusal', 'refusal'],
    ['content_filter', 'content_filter', 'refusal'],
  ])('FIN %s with %s is %s', (reason, raw, expected) => {
    expect(messageStop(reason, raw, '', {}).stop_reason).toBe(expected);
  });

  it('FIN-2 tells the sequence that stopped it', () => {
    expect(messageStop('stop', 'stop_sequence', '', { stop_sequence: 'END' })).toEqual({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
      stop_details: undefined,
    });
  });

  it('FIN-6 keeps what Claude says of a refusal', () => {
    const details = { type: 'refusal', category: 'cyber', explanation: null };
    expect(messageStop('content_filter', 'refusal', 'words', { stop_details: details }).stop_details).toBe(
      details,
    );
  });

  it.each<[FinishReason, string, unknown]>([
    ['stop', 'I will not.', 'I will not.'],
    ['content_filter', '', null],
  ])('a refusal of another host, by %s, is told in the details', (reason, refusal, explanation) => {
    expect(messageStop(reason, 'stop', refusal, {})).toEqual({
      stop_reason: 'refusal',
      stop_sequence: undefined,
      stop_details: { type: 'refusal', category: null, explanation },
    });
  });
});
