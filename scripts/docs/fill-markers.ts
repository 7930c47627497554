/**
 * Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->`.
 *
 * @throws Error when a marker is missing or the two are in the wrong order
 */
export function fillMarkers(document: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document needs ${start} and, after it, ${end}`);
  return `${document.slice(0, from + start.length)}\n${content}\n${document.slice(to)}`;
}
