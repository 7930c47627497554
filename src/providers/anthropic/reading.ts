/** The tool whose input is the answer's text, on models without structured output (RF-4). */
export const JSON_TOOL_NAME = 'json_response';

/** What the decoding half must know of the request to read its answer. The encoder fills it in. */
export interface ReadingOptions {
  /** Names that were rewritten for the wire: wire name to the caller's (TL-4). */
  readonly toolNames: ReadonlyMap<string, string>;
  /** Wire names of tools the caller declared as custom; their input travels as `{input}` (TL-12). */
  readonly customTools: ReadonlySet<string>;
  /** A call of `JSON_TOOL_NAME` is the answer's text (RF-4). */
  readonly jsonTool: boolean;
  /** The caller reads one `function_call` (TL-14). The encoder of chunks sees to that; nothing is read differently. */
  readonly legacyFunctions: boolean;
  /** The prompt held a block that no later turn repeats (TC-10). */
  readonly ephemeralPrompt: boolean;
  /** Readable reasoning was asked for (TH-11). */
  readonly exposeReasoning: boolean;
  /**
   * An answer that is one fenced block loses its fence (RF-2). Only for callers who want no stream: to know
   * whether the whole is one block, an answer that begins with a fence is held back to its end.
   */
  readonly jsonFence: boolean;
}
