import { InvalidOutputError, type OutputIssue } from '../errors/index.ts';
import type { ChatCompletion } from './completion.ts';
import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';

/**
 * Reads a whole answer by its schema, and adds what the schema made of it to the message as `parsed`.
 *
 * Only a complete answer is read. After a cut, a refusal or the call of a tool the text is no answer yet, and
 * `parsed` is null; what is invalid is never repaired (RF-11).
 *
 * @param name - what the schema was called, for errors
 * @throws InvalidOutputError when the text is not JSON, or the schema does not accept it
 */
export async function parseOutput(
  completion: ChatCompletion,
  schema: StandardSchema,
  name: string,
): Promise<void> {
  for (const { message, finish_reason: reason } of completion.choices) {
    const isWhole = reason === 'stop' && message.refusal === null;
    const value = isWhole ? await read(message.content ?? '', schema, failures(completion, name)) : null;
    // Not enumerable: the message goes back with the next turn, where no host knows the field, and a value that the
    // schema has made (a Date, a Map) is no JSON.
    Object.defineProperty(message, 'parsed', { value, configurable: true, writable: true });
  }
}

/** Makes the error of one answer. */
type Failure = (reason: string, problem: string, more: Partial<FailureFacts>) => InvalidOutputError;

interface FailureFacts {
  readonly issues: readonly OutputIssue[];
  readonly cause: unknown;
}

/** No word of the answer may stand in a message, so that issues and text are told in getters of the error. */
function failures(completion: ChatCompletion, name: string): Failure {
  const { provider, model } = completion.runestone;
  return (reason, problem, more) =>
    new InvalidOutputError(`${provider}: the answer ${problem} (schema "${name}")`, {
      provider,
      model,
      reason,
      ...more,
    });
}

async function read(text: string, schema: StandardSchema, failure: Failure): Promise<unknown> {
  const result = await validated(json(text, failure), schema, failure);
  if (!result.issues) return result.value;
  const count = result.issues.length;
  throw failure(
    'schema_mismatch',
    `is not what its schema says, in ${count} ${count === 1 ? 'place' : 'places'}; see \`issues\` and \`partial\``,
    { issues: result.issues.map(toIssue) },
  );
}

function json(text: string, failure: Failure): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, so it is no cause.
    throw failure('invalid_json', 'is not JSON; see `partial`', {});
  }
}

/** A validator that throws instead of telling is the caller's own code, and its error is shown as it is. */
async function validated(
  value: unknown,
  schema: StandardSchema,
  failure: Failure,
): Promise<StandardResult<unknown>> {
  try {
    return await schema['~standard'].validate(value);
  } catch (cause) {
    throw failure('validator_failed', 'could not be checked, for its schema threw; see `cause`', { cause });
  }
}

function toIssue({ message, path = [] }: StandardIssue): OutputIssue {
  return { message, path: path.map((step) => (typeof step === 'object' ? step.key : step)) };
}
