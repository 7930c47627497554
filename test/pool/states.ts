import type { PoolOptions } from '../../src/pool/options.ts';
import { ProviderStates } from '../../src/pool/provider-state.ts';
import { type Settings, toSettings } from '../../src/pool/settings.ts';
import { type Recorder, recorder, silent } from '../contexts.ts';

/** Settings of a pool with these options, its defaults filled in. */
export const settingsOf = (options: Partial<PoolOptions> = {}): Settings =>
  toSettings({ providers: [silent], ...options });

/** States on a clock that the test moves, without chance. */
export function statesOf(
  options: Partial<PoolOptions> = {},
  told: Recorder = recorder(),
): { readonly states: ProviderStates; readonly told: Recorder; readonly settings: Settings } {
  const settings = settingsOf(options);
  // 0.5 is the middle: no jitter on open times and cooldowns.
  const states = new ProviderStates({ settings, teller: told.teller, random: () => 0.5 });
  return { states, told, settings };
}
