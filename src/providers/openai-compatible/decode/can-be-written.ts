/** False for a value nested so deeply that whoever writes it out again would overflow the stack (V14). */
export function canBeWritten(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
