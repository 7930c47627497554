import type { OpenAICompatibleOptions } from '../openai-compatible-options.ts';

/** What an address comes to. */
type Address = Pick<OpenAICompatibleOptions, 'baseURL' | 'paths'>;

/**
 * A local server's address as its own variable has it: `OLLAMA_HOST` may be a host alone, or `0.0.0.0` because the
 * server reads it too.
 *
 * @param port - what the server listens on when nobody says otherwise
 */
export function localAddress(address: string, port: number): Address {
  const hasScheme = /^https?:\/\//i.test(address);
  const url = `${hasScheme ? '' : 'http://'}${address}`;
  // Left as it is, for the provider to complain about.
  if (!URL.canParse(url)) return { baseURL: address };
  const parsed = new URL(url);
  if (parsed.port === '' && !hasScheme) parsed.port = String(port);
  if (parsed.hostname === '0.0.0.0') parsed.hostname = '127.0.0.1';
  if (parsed.pathname === '/') parsed.pathname = '/v1';
  return { baseURL: parsed.href };
}

/**
 * The paths behind an Azure endpoint: those of its v1 API, or of the deployment when a dated version is asked for.
 *
 * @param version - `api-version`: a date such as `2024-10-21`, or none
 * @see https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
 */
export function azureAddress(endpoint: string, version: string | undefined): Address {
  const base = endpoint.replace(/(?<!\/)\/+$/, '');
  const resource = base.replace(/\/openai(\/v1)?$/, '');
  // Any other path is that of a proxy, which knows its own.
  if (URL.canParse(resource) && new URL(resource).pathname !== '/') return { baseURL: base };
  if (version === undefined || !/^\d{4}-/.test(version)) return { baseURL: `${resource}/openai/v1` };
  return {
    baseURL: `${resource}/openai`,
    paths: {
      chat: '/deployments/{model}/chat/completions',
      embeddings: '/deployments/{model}/embeddings',
    },
  };
}
