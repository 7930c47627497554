import { chatDialect } from './chat-dialect.ts';
import { messagesDialect, messagesErrors } from './messages/index.ts';
import { countTokens, embeddings, health, models } from './plain-routes.ts';
import { Refusal } from './refusal.ts';
import { responsesDialect } from './responses/index.ts';
import { chatIn, type Route } from './route.ts';
import { textDialect } from './text-dialect.ts';

/** Anthropic's clients look for the id of a request under a name of their own. */
function forClaude(answer: Route['answer']): Route['answer'] {
  return (call) => answer({ ...call, told: { ...call.told, 'request-id': call.told['x-request-id'] ?? '' } });
}

/** Every path of the door. Of two that end alike the longer one stands first. */
export const routes: readonly Route[] = [
  { method: 'POST', path: '/chat/completions', answer: chatIn(chatDialect) },
  { method: 'POST', path: '/completions', answer: chatIn(textDialect) },
  { method: 'POST', path: '/responses', answer: chatIn(responsesDialect) },
  { method: 'POST', path: '/messages/count_tokens', errors: messagesErrors, answer: forClaude(countTokens) },
  { method: 'POST', path: '/messages', errors: messagesErrors, answer: forClaude(chatIn(messagesDialect)) },
  { method: 'POST', path: '/embeddings', answer: embeddings },
  { method: 'GET', path: '/models', open: true, answer: models },
  { method: 'GET', path: '/health', answer: health },
];

/** A route, and what stood behind its path. */
export interface Found {
  readonly route: Route;
  readonly rest: string;
}

/**
 * The route of a request. What stands before its path does not matter: clients differ about `/v1`, and hosts that
 * mount a handler may strip their prefix or not.
 *
 * @throws Refusal with status 404 or 405
 */
export function findRoute(method: string, path: string, table: readonly Route[] = routes): Found {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const plain = path.replace(/\/$/, '');
  // A path may have a route, and not this method.
  let allowed: string | undefined;
  for (const route of table) {
    const rest = restBehind(route, plain);
    if (rest === undefined) continue;
    if (route.method === wanted) return { route, rest: decoded(rest) };
    allowed ??= route.method;
  }
  if (allowed === undefined) throw unknownPath();
  throw new Refusal(`the method must be ${allowed}`, {
    httpStatus: 405,
    reason: 'method_not_allowed',
    headers: { allow: allowed === 'GET' ? 'GET, HEAD' : allowed },
  });
}

/** `undefined` when the path leads elsewhere. */
function restBehind({ path: own, open }: Route, path: string): string | undefined {
  if (path.endsWith(own)) return '';
  if (!open) return undefined;
  // The first after a version: names of models contain slashes, and such words too.
  const versioned = path.indexOf(`/v1${own}/`);
  const at = versioned >= 0 ? versioned + '/v1'.length : path.indexOf(`${own}/`);
  return at < 0 ? undefined : path.slice(at + own.length + 1);
}

/** What is no encoding names nothing. */
function decoded(rest: string): string {
  try {
    return decodeURIComponent(rest);
  } catch {
    throw unknownPath();
  }
}

function unknownPath(): Refusal {
  return new Refusal('nothing is served at this path', { httpStatus: 404, reason: 'unknown_url' });
}
