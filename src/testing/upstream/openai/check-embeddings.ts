import { isObject, listOf } from '../read-json.ts';
import { type Complaint, complain, emptyArray, missing, unknownKey } from './complaint.ts';

const fields: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

/** Most inputs of one request (OpenAI's reference of `input`). */
const MAX_INPUTS = 2048;

/** What the API would hold against a request for embeddings, or undefined. */
export function checkEmbeddings(body: unknown): Complaint | undefined {
  if (!isObject(body)) return complain(null, null, 'We could not parse the JSON body of your request.');
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    return complain(null, null, 'you must provide a model parameter');
  }
  const { input, encoding_format: format, dimensions } = body;
  const unknown = unknownKey(body, fields);
  if (unknown) return unknown;
  if (format !== undefined && format !== 'float' && format !== 'base64') {
    return complain(
      'encoding_format',
      'invalid_value',
      `Invalid value: '${String(format)}'. Supported values are: 'float' and 'base64'.`,
    );
  }
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && Number(dimensions) >= 1)) {
    return complain(
      'dimensions',
      'integer_below_min_value',
      "Invalid 'dimensions': expected an integer >= 1.",
    );
  }
  return checkInput(input);
}

function checkInput(input: unknown): Complaint | undefined {
  if (input === undefined || input === null) return missing('input');
  if (Array.isArray(input) && input.length === 0) return emptyArray('input');
  if (listOf(input).length > MAX_INPUTS) {
    return complain(
      'input',
      'array_above_max_length',
      `Invalid 'input': array too long. Expected an array with maximum length ${MAX_INPUTS}, but got an array with length ${listOf(input).length} instead.`,
    );
  }
  const empty = Array.isArray(input) ? input.indexOf('') : input === '' ? 0 : -1;
  if (empty < 0) return undefined;
  return complain('input', null, `Invalid 'input[${empty}]': input cannot be an empty string.`);
}
