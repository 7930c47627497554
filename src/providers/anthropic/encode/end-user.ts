import { isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { sha256Hex } from './node-digest.ts';

/** Longest `metadata.user_id`, in characters. */
const MAX_LENGTH = 256;

/**
 * The `metadata` to send: Anthropic's has the end user's id and nothing else (REQ-26, REQ-27).
 *
 * A value that names a person is replaced by its SHA-256: the id has to be opaque.
 */
export function endUser(context: EncodeContext): { readonly user_id: string } | undefined {
  const found = candidates(context).find(([, value]) => typeof value === 'string' && value !== '');
  if (!found) return undefined;
  const [path, value] = found;
  const id = String(value);
  if (!isPersonal(id)) return { user_id: id };
  warn(context, 'user_id_hashed', path, 'not an opaque id; its SHA-256 is sent');
  return { user_id: sha256Hex(id) };
}

/** OpenAI's own `metadata` is a map of tags for storage; of it, only `user_id` means something here. */
function candidates({ request }: EncodeContext): readonly (readonly [path: string, value: unknown])[] {
  const { anthropic: bag, metadata } = request;
  const native = isRecord(bag) && isRecord(bag['metadata']) ? bag['metadata']['user_id'] : undefined;
  return [
    ['anthropic.metadata.user_id', native],
    ['metadata.user_id', isRecord(metadata) ? metadata['user_id'] : undefined],
    ['safety_identifier', request['safety_identifier']],
    ['user', request.user],
  ];
}

/** True for what would tell Anthropic who somebody is, or is longer than the field. */
function isPersonal(id: string): boolean {
  return id.length > MAX_LENGTH || /\s|@/.test(id) || isPhone(id);
}

/** International, written in groups, or ten to fifteen bare digits; shorter and longer numbers are ids. */
function isPhone(id: string): boolean {
  if (!/^\+?[\d().-]+$/.test(id)) return false;
  const digits = id.replace(/\D/g, '').length;
  const isFormatted = /^\+|[().-]/.test(id);
  return digits <= 15 && digits >= (isFormatted ? 7 : 10);
}
