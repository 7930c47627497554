/** Text as a model streams it: a word at a time, the space before it included. Joined, the pieces are the text. */
export function wordsOf(text: string): string[] {
  return text.match(/(?<!\s)\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text]);
}

/**
 * Text in so many pieces of nearly equal length; fewer when the text is shorter.
 *
 * @param count - integer >= 1
 */
export function piecesOf(text: string, count: number): string[] {
  // By code points: half of a surrogate pair is a fault of its own, not an ordinary chunk.
  const points = [...text];
  const wanted = Math.max(1, Math.min(Math.floor(count), points.length));
  const pieces: string[] = [];
  for (let turn = 0; turn < wanted; turn++) {
    const from = Math.floor((turn * points.length) / wanted);
    const to = Math.floor(((turn + 1) * points.length) / wanted);
    pieces.push(points.slice(from, to).join(''));
  }
  return text === '' ? [] : pieces;
}

/** Argument text as the API fragments it: an empty first fragment, then a few characters at a time. */
export function argumentPieces(input: unknown): string[] {
  const json = JSON.stringify(input);
  return ['', ...(json === '{}' ? [] : piecesOf(json, Math.ceil(json.length / 12)))];
}
