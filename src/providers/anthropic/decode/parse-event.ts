/**
 * A text delta as the API writes it, with a text that means what it shows: nothing in it is escaped, or would have
 * to be. Blanks before the closing braces are the API's padding.
 */
const TEXT_DELTA =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these in a string
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,2}),"delta":\{"type":"text_delta","text":"([^"\\\u0000-\u001f]*)"\} *\} *$/;

/**
 * `JSON.parse` for the data of one event, at a sixth of its cost for what nearly all events are. Whatever does not
 * look just like a plain text delta takes the long way.
 *
 * @throws SyntaxError as `JSON.parse` does, with a message that quotes the data: not to be passed on
 */
export function parseEvent(data: string): unknown {
  const match = TEXT_DELTA.exec(data);
  if (!match) return JSON.parse(data);
  const [, index, text] = match;
  return { type: 'content_block_delta', index: Number(index), delta: { type: 'text_delta', text } };
}
