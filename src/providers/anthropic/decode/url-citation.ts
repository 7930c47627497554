import { isRecord, type UrlCitation } from '../../../provider-kit/index.ts';

/**
 * A citation of a web page in OpenAI's shape; `undefined` for the other kinds, which only the native content
 * carries (RES-10).
 *
 * @param startIndex - UTF-16 offset in the whole answer of the text that cites
 * @param endIndex - the first offset after it
 */
export function toUrlCitation(
  citation: unknown,
  startIndex: number,
  endIndex: number,
): UrlCitation | undefined {
  if (!isRecord(citation) || citation['type'] !== 'web_search_result_location') return undefined;
  const { url, title } = citation;
  if (typeof url !== 'string') return undefined;
  return {
    type: 'url_citation',
    url_citation: {
      url,
      title: typeof title === 'string' ? title : '',
      start_index: startIndex,
      end_index: endIndex,
    },
  };
}
