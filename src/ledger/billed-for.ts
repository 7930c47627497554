import type { Billed, BillingCase, BillingRule } from './billing-rule.ts';
import { billingRules } from './data.ts';

/** What is billed for an attempt without a complete answer: the first rule that fits says so. */
export function billedFor(of: BillingCase, rules: readonly BillingRule[] = billingRules): Billed {
  const day = new Date(of.atMs).toISOString().slice(0, 10);
  return rules.find((rule) => fits(rule, of, day))?.billed ?? 'unknown';
}

function fits(rule: BillingRule, { provider, phase, code, status }: BillingCase, day: string): boolean {
  const { providers, codes, statuses, from = '', until = '9999' } = rule;
  if (rule.phase !== phase || day < from || day >= until) return false;
  if (codes && !(code && codes.includes(code))) return false;
  if (statuses && !(status && statuses.includes(status))) return false;
  return !providers || [provider.name, provider.module].some((name) => name && providers.includes(name));
}
