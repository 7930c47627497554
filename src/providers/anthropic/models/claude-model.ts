import type { ModelLifecycle, ModelStatus, ThinkingKind } from '../../../provider-kit/index.ts';

/**
 * How a model takes `thinking`, after section 1.8 of the translation contract.
 *
 * `A` always thinks, `A_preview` also takes budgets, `B` may be limited to thinking between tools, `C` and `D`
 * think unless told not to, `E` and `F` think when asked, `G` and `H` take budgets, `I` cannot think.
 */
export type ModelClass = 'A' | 'A_preview' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I';

/** Values of `output_config.effort`, from least to most. */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** What each class takes, of ways to think and of efforts; the API refuses the others (TH-17, section 1.8). */
export const classFacts: Readonly<
  Record<ModelClass, { readonly thinking: readonly ThinkingKind[]; readonly efforts: readonly Effort[] }>
> = {
  A: { thinking: ['adaptive'], efforts: EFFORTS },
  A_preview: { thinking: ['adaptive', 'enabled'], efforts: EFFORTS },
  B: { thinking: ['adaptive', 'between_tools'], efforts: EFFORTS },
  C: { thinking: ['adaptive', 'disabled'], efforts: EFFORTS },
  D: { thinking: ['adaptive', 'disabled'], efforts: EFFORTS },
  E: { thinking: ['adaptive', 'disabled'], efforts: EFFORTS },
  F: { thinking: ['adaptive', 'enabled', 'disabled'], efforts: ['low', 'medium', 'high', 'max'] },
  G: { thinking: ['enabled', 'disabled'], efforts: ['low', 'medium', 'high'] },
  H: { thinking: ['enabled', 'disabled'], efforts: [] },
  I: { thinking: [], efforts: [] },
};

/**
 * Where a model stands in its life at Anthropic's own API; dates are `YYYY-MM-DD`. `unknown` is an id that the table
 * does not list, and `successor` the target of `retiredModels: 'remap'`.
 */
export interface ClaudeLifecycle extends ModelLifecycle {
  readonly status: ModelStatus;
}

/** Everything the translation needs to know of one Claude model. Facts are data, never read off a known id. */
export interface ClaudeModel {
  /** The id to send. */
  readonly id: string;
  /** Other names that mean this id; dots and dashes are equal, case does not matter. */
  readonly aliases: readonly string[];
  /** Input and output together, in tokens. Absent: unknown. */
  readonly contextWindow?: number;
  /** Longest answer, in tokens. Absent: unknown, so nothing is clamped. */
  readonly maxOutputTokens?: number;
  readonly modelClass: ModelClass;
  /** What the API uses when no effort is sent; absent where effort does not exist or is not known. */
  readonly defaultEffort?: Effort;
  /** Takes `role: "system"` between turns. */
  readonly midSystem: boolean;
  /** Answers 400 to a forced `tool_choice`. */
  readonly forcedToolUnsupported: boolean;
  /** Continues a last message of the assistant. */
  readonly prefill: boolean;
  /** Takes `speed: "fast"`. */
  readonly fastMode: boolean;
  /** Takes `output_config.format` and strict tools. */
  readonly structuredOutputs: boolean;
  /** Takes tools that Anthropic runs, such as web search. */
  readonly serverTools: boolean;
  /** Takes `inference_geo`; a 400 before the 4.6 family. */
  readonly inferenceGeo: boolean;
  /** Thinking blocks are valid only under unchanged history (5.5 family, Fable and Mythos 5.1 and later). */
  readonly boundThinking: boolean;
  readonly lifecycle: ClaudeLifecycle;
  /** True where a row rests on an assumption of the contract rather than on a published page. */
  readonly assumed?: boolean;
  readonly source: string;
  readonly asOf: string;
}

/** True for classes whose family (4.6 and older) still knows sampling parameters under the legacy API version. */
export function takesSampling(model: ClaudeModel): boolean {
  return 'FGHI'.includes(model.modelClass);
}
