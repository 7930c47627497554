import type * as z from 'zod';
import { InvalidRequestError } from '../errors/index.ts';
import { copyJson, isRecord, JsonCopyError } from './json.ts';
import { normalize } from './normalize.ts';
import type { ChatRequest } from './request.ts';
import { chatRequestSchema } from './request-schema.ts';
import { keepSchema } from './schema-format.ts';

/** How many faults an error message lists; the rest is counted. */
const MAX_LISTED = 5;

/** How much of a path is shown: a cycle has endless ones, and keys are the caller's. */
const MAX_PATH = 200;

/**
 * Turns what a caller passed into a request of the house: a copy, checked, in canonical form.
 *
 * @param stream - what the called method promises; it decides, whatever `request.stream` says
 * @throws InvalidRequestError listing every wrong field by its path; `param` is the first
 */
export function parseRequest(input: unknown, stream: boolean): ChatRequest {
  const copy = parseWith(chatRequestSchema, input, 'the request must be an object with `messages`');
  if (!stream && copy['stream'] !== true && isRecord(copy['stream_options'])) {
    throw invalid([
      { path: 'stream_options', problem: 'is only allowed when streaming', reason: 'invalid_value' },
    ]);
  }
  return keepSchema(input, normalize(copy, stream));
}

/**
 * A copy of what a caller passed, checked against a schema.
 *
 * @param shape - what to say to something that is no object
 * @throws InvalidRequestError listing every wrong field by its path; `param` is the first
 */
export function parseWith(
  schema: z.ZodType,
  input: unknown,
  shape: string,
): Readonly<Record<string, unknown>> {
  const copy = copied(input, shape);
  const result = checked(schema, copy);
  if (!result.success) throw invalid(result.error.issues.flatMap((issue) => flatten(issue, copy)));
  return copy;
}

/** Where prototypes are frozen, the schema library cannot copy a member that is called as one of theirs. */
function checked(schema: z.ZodType, copy: Readonly<Record<string, unknown>>): z.ZodSafeParseResult<unknown> {
  try {
    return schema.safeParse(copy);
  } catch (error) {
    throw invalid([{ path: '', problem: 'the request could not be read', reason: 'invalid_value' }], error);
  }
}

interface Fault {
  readonly path: string;
  readonly problem: string;
  readonly reason: 'missing_required_parameter' | 'invalid_type' | 'invalid_value' | 'unsupported_value';
}

function copied(input: unknown, shape: string): Readonly<Record<string, unknown>> {
  let copy: unknown;
  try {
    copy = copyJson(isRecord(input) ? input : null);
  } catch (error) {
    if (error instanceof JsonCopyError) {
      throw invalid([{ path: error.path, problem: error.message, reason: 'invalid_value' }]);
    }
    // The rest is the object's own doing: a proxy whose traps throw, or a revoked one.
    throw invalid([{ path: '', problem: 'the request could not be read', reason: 'invalid_value' }], error);
  }
  if (isRecord(copy)) return copy;
  throw invalid([{ path: '', problem: shape, reason: 'invalid_type' }]);
}

function invalid(faults: readonly Fault[], cause?: unknown): InvalidRequestError {
  const listed = faults
    .slice(0, MAX_LISTED)
    .map(({ path, problem }) => (path ? `${shown(path)}: ${problem}` : problem));
  const more = faults.length > MAX_LISTED ? `; and ${faults.length - MAX_LISTED} more` : '';
  const [first] = faults;
  return new InvalidRequestError(`invalid request: ${listed.join('; ')}${more}`, {
    param: first?.path ? shown(first.path) : null,
    reason: first?.reason,
    cause,
  });
}

function shown(path: string): string {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
}

/** Of a failed union only the branch that got furthest is worth telling. */
function flatten(issue: z.core.$ZodIssue, root: unknown, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (branch: readonly z.core.$ZodIssue[]): number =>
      Math.max(0, ...branch.map((i) => i.path.length));
    const furthest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
    if (depth(furthest) > 0) return furthest.flatMap((inner) => flatten(inner, root, path));
    const isMissing = valueAt(root, path) === undefined;
    const problem = isMissing ? 'is required' : 'has the wrong type';
    return [
      { path: toPath(path), problem, reason: isMissing ? 'missing_required_parameter' : 'invalid_type' },
    ];
  }
  const problem = issue.message.replace(/^Invalid input: /, '');
  return [{ path: toPath(path), problem, reason: reasonOf(issue, valueAt(root, path)) }];
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): Fault['reason'] {
  if (value === undefined) return 'missing_required_parameter';
  // An empty `messages` is as good as none (REQ-1); no other array has a least length.
  if (issue.code === 'too_small' && Array.isArray(value)) return 'missing_required_parameter';
  if (issue.code === 'invalid_type') return 'invalid_type';
  return issue.path[0] === 'n' ? 'unsupported_value' : 'invalid_value';
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value ? Reflect.get(value, key) : undefined),
    root,
  );
}

/** `messages[3].content[1].image_url.url`, as OpenAI writes paths. */
function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}
