import type { Usage } from './usage.ts';

/** The tier that served an answer, in OpenAI's words. */
export type ServiceTier = 'default' | 'flex' | 'scale' | 'priority';

/** What hosts call their tiers. OpenAI has no word for `batch`. */
const tiers: Readonly<Record<string, ServiceTier>> = {
  standard: 'default',
  flex: 'flex',
  scale: 'scale',
  priority: 'priority',
};

/** `service_tier` of an answer (RES-13); `undefined` when its host did not say, or OpenAI has no word for it. */
export function toServiceTier({ modifiers }: Usage): ServiceTier | undefined {
  const tier = modifiers?.serviceTier ?? '';
  // OpenAI's own word, which the types of its package know since version 7 only.
  if (modifiers?.speed === 'fast' || tier === 'fast') return 'fast' as 'priority';
  return Object.hasOwn(tiers, tier) ? tiers[tier] : undefined;
}
