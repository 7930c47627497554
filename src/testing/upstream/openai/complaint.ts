/** What the API would hold against a request: the fields of its 400. */
export interface Complaint {
  readonly message: string;
  /** The path of the field, such as `messages[1].tool_calls[0].id`. */
  readonly param: string | null;
  readonly code: string | null;
}

/** A complaint about one field. */
export function complain(param: string | null, code: string | null, message: string): Complaint {
  return { message, param, code };
}

/** The first key that is not allowed, told as OpenAI tells it. */
export function unknownKey(
  value: Readonly<Record<string, unknown>>,
  allowed: ReadonlySet<string>,
  path = '',
): Complaint | undefined {
  const key = Object.keys(value).find((name) => !allowed.has(name));
  if (key === undefined) return undefined;
  const param = path === '' ? key : `${path}.${key}`;
  return complain(param, 'unknown_parameter', `Unknown parameter: '${param}'.`);
}

/** A field that is missing. */
export function missing(param: string): Complaint {
  return complain(param, 'missing_required_parameter', `Missing required parameter: '${param}'.`);
}

/** A field of the wrong kind. */
export function wrongType(param: string, expected: string): Complaint {
  return complain(param, 'invalid_type', `Invalid type for '${param}': expected ${expected}.`);
}

/** A list that must not be empty. */
export function emptyArray(param: string): Complaint {
  return complain(
    param,
    'empty_array',
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
  );
}

/** Asks check after check, and stops at the first complaint. */
export function firstComplaint(...checks: readonly (() => Complaint | undefined)[]): Complaint | undefined {
  for (const check of checks) {
    const found = check();
    if (found) return found;
  }
  return undefined;
}
