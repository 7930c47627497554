import type { ProviderErrorCode } from './codes.ts';
import type { ErrorDetails } from './facts.ts';
import { RunestoneError } from './runestone-error.ts';

/** What a provider throws: the most exact code there is, and one sentence that starts with the provider. */
export class ProviderError extends RunestoneError {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  declare readonly provider: string;

  constructor(
    details: ErrorDetails & {
      readonly code: ProviderErrorCode;
      readonly provider: string;
      readonly message: string;
    },
  ) {
    const { code, message, ...rest } = details;
    super(message.startsWith(`${details.provider}:`) ? message : `${details.provider}: ${message}`, rest);
    this.code = code;
  }
}
