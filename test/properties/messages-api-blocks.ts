import { z } from 'zod';

/**
 * The content blocks of a request to the Messages API, after the types of the vendor's SDK
 * (`ContentBlockParam` in `resources/messages/messages.d.ts`). Strict: an unknown key is a 400 there.
 */

/** A mark up to which the prompt may be cached. */
export const cacheControl: z.ZodType = z.strictObject({
  type: z.literal('ephemeral'),
  ttl: z.enum(['5m', '1h']).optional(),
});
const cached = { cache_control: cacheControl.optional() };
const id = z.string().regex(/^[a-zA-Z0-9_-]+$/, 'tool_use ids match ^[a-zA-Z0-9_-]+$');
const base64 = z.base64().min(1);
const title = z.string().min(1).max(500).nullish();

const citation = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('char_location'), cited_text: z.string() }),
  z.looseObject({ type: z.literal('page_location'), cited_text: z.string() }),
  z.looseObject({ type: z.literal('content_block_location'), cited_text: z.string() }),
  z.looseObject({ type: z.literal('web_search_result_location'), cited_text: z.string() }),
  z.looseObject({ type: z.literal('search_result_location'), cited_text: z.string() }),
]);

/** "text content blocks must be non-empty" */
const words = z.string().min(1, 'text content blocks must be non-empty');
const text = z.strictObject({ type: z.literal('text'), text: words, ...cached });
const citedText = z.strictObject({
  type: z.literal('text'),
  text: words,
  citations: z.array(citation).min(1).optional(),
  ...cached,
});

const urlSource = z.strictObject({ type: z.literal('url'), url: z.string().startsWith('https://') });
const fileSource = z.strictObject({ type: z.literal('file'), file_id: z.string().startsWith('file_') });
const image = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: base64,
    }),
    urlSource,
    fileSource,
  ]),
  transformations: z.strictObject({ oversized_image: z.enum(['downsize', 'error']).optional() }).optional(),
  ...cached,
});
const document = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: base64 }),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string().min(1) }),
    z.strictObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.union([text, image]))]),
    }),
    urlSource,
    fileSource,
  ]),
  citations: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  context: z.string().nullish(),
  title,
  ...cached,
});
const searchResult = z.strictObject({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(text),
  citations: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  ...cached,
});

const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          text,
          image,
          searchResult,
          document,
          z.strictObject({ type: z.literal('tool_reference'), tool_name: z.string() }),
          z.looseObject({ type: z.literal('browser_state') }),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  toolset_name: z.string().optional(),
  ...cached,
});

const containerUpload = z.strictObject({
  type: z.literal('container_upload'),
  file_id: z.string(),
  ...cached,
});

/** What a user turn may hold. Images and documents belong here and nowhere else since 2026-10-21. */
export const userBlock: z.ZodType = z.discriminatedUnion('type', [
  text,
  image,
  document,
  searchResult,
  toolResult,
  containerUpload,
]);

/** What stands between turns of the conversation in the voice of the operator. */
export const systemBlock: z.ZodType = text;

const caller = z.looseObject({ type: z.string() }).optional();
const use = { id, input: z.record(z.string(), z.unknown()), caller, ...cached };
const serverResult = z.looseObject({ type: z.string().endsWith('_tool_result'), tool_use_id: id });
/** Blocks of beta features, which come back as they were given out. */
const beta = z.looseObject({
  type: z.enum(['mcp_tool_use', 'mcp_tool_listing', 'compaction', 'fallback', 'connector_text']),
});

/** What an assistant turn may hold: what the model said, thought and called. */
export const assistantBlock: z.ZodType = z.union([
  z.discriminatedUnion('type', [
    citedText,
    z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) }),
    z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) }),
    z.strictObject({
      type: z.literal('tool_use'),
      name: z.string().min(1),
      toolset_name: z.string().optional(),
      ...use,
    }),
    z.strictObject({ type: z.literal('server_tool_use'), name: z.string().min(1), ...use }),
    containerUpload,
  ]),
  serverResult,
  beta,
]);
