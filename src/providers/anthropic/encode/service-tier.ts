import { requireBeta } from './beta-names.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { nativeField, nativePath } from './native-fields.ts';

/** Capacity and speed as the Messages API names them. */
export interface Service {
  /** `auto` uses priority capacity if the organization has bought any; `standard_only` never does. */
  readonly service_tier?: 'auto' | 'standard_only';
  /** Faster output at a higher price. Beta on some models. */
  readonly speed?: 'fast' | 'standard';
}

/** OpenAI's tiers that have a counterpart; `auto` is Anthropic's default and is left out (REQ-29). */
const TIERS: Readonly<Record<string, Service>> = {
  auto: {},
  default: { service_tier: 'standard_only' },
  standard_only: { service_tier: 'standard_only' },
  priority: { service_tier: 'auto' },
  fast: { speed: 'fast' },
};

/** The tier and speed to send; the native `speed` wins over the one a tier implies. */
export function service(context: EncodeContext): Service {
  const tier = nativeField(context, 'service_tier');
  const known = typeof tier === 'string' && Object.hasOwn(TIERS, tier) ? TIERS[tier] : undefined;
  if (tier !== undefined && known === undefined) {
    warn(
      context,
      'unsupported_value',
      nativePath(context, 'service_tier'),
      'Anthropic has no such tier; not sent',
    );
  }
  const native = nativeField(context, 'speed');
  const speed = native ?? known?.speed;
  const param = nativePath(context, native === undefined ? 'service_tier' : 'speed');
  return {
    ...(known?.service_tier && { service_tier: known.service_tier }),
    ...speedField(context, speed, param),
  };
}

/**
 * Fast mode where the model has it. On Opus 4.7 the field is a 400 and 4.6 ignores it, so that it goes to
 * no model that the table does not name (0.6).
 */
function speedField(context: EncodeContext, speed: unknown, param: string): Service {
  if (speed === undefined || (speed === 'standard' && !context.model.fastMode)) return {};
  if ((speed === 'fast' || speed === 'standard') && context.model.fastMode) {
    // Some of these models take the field only under the beta, and the others ignore the header.
    requireBeta(context, 'field', 'speed');
    return { speed };
  }
  warn(context, 'unsupported_value', param, 'this model has no fast mode; not sent');
  return {};
}
