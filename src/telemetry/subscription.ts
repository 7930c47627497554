const PREFIX = 'provider.';

/** Whose events a subscription hears: of every provider, or of the named one only. */
export interface Scope {
  readonly provider: string | undefined;
}

/**
 * How a subscription relates to an event name; `undefined` when it does not hear that event at all.
 *
 * A narrowed name, `provider.anthropic.request.stop`, is read from both ends: what stands between `provider.`
 * and `.request.stop` is the provider, dots included.
 */
export function scopeOf(subscription: string, event: string): Scope | undefined {
  if (subscription === '*' || subscription === event) return { provider: undefined };
  if (!event.startsWith(PREFIX) || !subscription.startsWith(PREFIX)) return undefined;
  const suffix = event.slice(PREFIX.length - 1);
  if (!subscription.endsWith(suffix)) return undefined;
  const provider = subscription.slice(PREFIX.length, -suffix.length);
  return provider === '' ? undefined : { provider };
}
