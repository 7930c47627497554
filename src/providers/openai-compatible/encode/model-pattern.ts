/** True for a model that one of the patterns names: an id, or a beginning of ids with a `*` after it. */
export function isNamed(model: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern,
  );
}
