import type * as z from 'zod';
import { InvalidRequestError } from '../errors/index.ts';
import { copyJson, isRecord, JsonCopyError } from './json.ts';
import { normalize } from './normalize.ts';
import type { ChatRequest } from './request.ts';
import { chatRequestSchema } from './request-schema.ts';

/** How many faults an error message lists; the rest is counted. */
const MAX_LISTED = 5;

/**
 * Turns what a caller passed into a request of the house: a copy, checked, in canonical form.
 *
 * @param stream - what the called method promises; it decides, whatever `request.stream` says
 * @throws InvalidRequestError listing every wrong field by its path; `param` is the first
 */
export function parseRequest(input: unknown, stream: boolean): ChatRequest {
  const copy = copied(input);
  const result = chatRequestSchema.safeParse(copy);
  if (!result.success) throw invalid(result.error.issues.flatMap((issue) => flatten(issue, copy)));
  if (!stream && copy['stream'] !== true && isRecord(copy['stream_options'])) {
    throw invalid([
      { path: 'stream_options', problem: 'is only allowed when streaming', reason: 'invalid_value' },
    ]);
  }
  return normalize(copy, stream);
}

interface Fault {
  readonly path: string;
  readonly problem: string;
  readonly reason: 'missing_required_parameter' | 'invalid_type' | 'invalid_value' | 'unsupported_value';
}

function copied(input: unknown): Readonly<Record<string, unknown>> {
  let copy: unknown;
  try {
    copy = copyJson(input);
  } catch (error) {
    if (!(error instanceof JsonCopyError)) throw error;
    throw invalid([{ path: error.path, problem: error.message, reason: 'invalid_value' }]);
  }
  if (isRecord(copy)) return copy;
  throw invalid([
    { path: '', problem: 'the request must be an object with `messages`', reason: 'invalid_type' },
  ]);
}

function invalid(faults: readonly Fault[]): InvalidRequestError {
  const listed = faults
    .slice(0, MAX_LISTED)
    .map(({ path, problem }) => (path ? `${path}: ${problem}` : problem));
  const more = faults.length > MAX_LISTED ? `; and ${faults.length - MAX_LISTED} more` : '';
  return new InvalidRequestError(`invalid request: ${listed.join('; ')}${more}`, {
    param: faults[0]?.path || null,
    reason: faults[0]?.reason,
  });
}

/** Of a failed union only the branch that got furthest is worth telling. */
function flatten(issue: z.core.$ZodIssue, root: unknown, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (branch: readonly z.core.$ZodIssue[]): number =>
      Math.max(0, ...branch.map((i) => i.path.length));
    const furthest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
    if (depth(furthest) > 0) return furthest.flatMap((inner) => flatten(inner, root, path));
    return [{ path: toPath(path), problem: 'has the wrong type', reason: 'invalid_type' }];
  }
  const problem = issue.message.replace(/^Invalid input: /, '');
  return [{ path: toPath(path), problem, reason: reasonOf(issue, valueAt(root, path)) }];
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): Fault['reason'] {
  if (value === undefined) return 'missing_required_parameter';
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
