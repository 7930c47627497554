import { takesSampling } from '../models/claude-model.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { nativeField, nativePath } from './native-fields.ts';

/** Sampling parameters as the legacy API version takes them. */
export interface Sampling {
  /** 0 to 1; the API's default of 1 is left out. */
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
}

/**
 * The sampling parameters to send: none under the current API version, which does not know them (T-1, REQ-7 to
 * REQ-9); under the legacy version what models up to 4.6 accept (T-3).
 *
 * @param thinks - thinking is switched on; then only a high `top_p` is accepted
 */
export function sampling(context: EncodeContext, thinks: boolean): Sampling {
  const { apiVersion = '2026-10-21' } = context.options;
  const isLegacy = apiVersion !== '2026-10-21' && takesSampling(context.model);
  if (!isLegacy) {
    for (const key of ['temperature', 'top_p', 'top_k']) {
      const value = nativeField(context, key);
      const isDefault = value === undefined || (value === 1 && key !== 'top_k');
      if (!isDefault)
        dropped(context, nativePath(context, key), 'not part of the API for this model and version');
    }
    return {};
  }
  const temperature = legacyTemperature(context, thinks);
  const topP = legacyTopP(context, thinks, temperature !== undefined);
  const topK = legacyTopK(context, thinks);
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
  };
}

/** Says that a parameter is left out; its value is `undefined` from here on. */
function dropped(context: EncodeContext, key: string, why: string): undefined {
  warn(context, 'unsupported_parameter', key, `${why}; not sent`);
}

/** Cut at 1, never scaled: half of OpenAI's range is not half of Anthropic's. */
function legacyTemperature(context: EncodeContext, thinks: boolean): number | undefined {
  const { temperature } = context.request;
  if (temperature == null || temperature === 1) return undefined;
  if (temperature < 0) throw refusal(context, 'temperature', 'invalid_value', 'expected 0 to 1');
  if (thinks) return dropped(context, 'temperature', 'not accepted while thinking is on');
  if (temperature <= 1) return temperature;
  warn(context, 'clamped', 'temperature', 'sent as 1, the highest there is');
  return 1;
}

/** Models 4.1 to 4.6 refuse the pair, so the temperature wins. */
function legacyTopP(context: EncodeContext, thinks: boolean, hasTemperature: boolean): number | undefined {
  const { top_p: topP } = context.request;
  if (topP == null || topP === 1) return undefined;
  if (topP < 0 || topP > 1) throw refusal(context, 'top_p', 'invalid_value', 'expected 0 to 1');
  if (hasTemperature) return dropped(context, 'top_p', 'not accepted together with temperature');
  if (thinks && topP < 0.95) return dropped(context, 'top_p', 'only 0.95 to 1 while thinking is on');
  return topP;
}

/** Never part of OpenAI's API, so that nobody else has checked its type (REQ-9). */
function legacyTopK(context: EncodeContext, thinks: boolean): number | undefined {
  const topK = nativeField(context, 'top_k');
  if (topK === undefined) return undefined;
  const path = nativePath(context, 'top_k');
  if (typeof topK !== 'number' || !Number.isInteger(topK) || topK < 1) {
    throw refusal(context, path, 'invalid_value', 'expected a whole number of at least 1');
  }
  return thinks ? dropped(context, path, 'not accepted while thinking is on') : topK;
}
