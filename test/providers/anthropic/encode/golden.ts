import { describe, expect, it } from 'vitest';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';
import { encode, type RawRequest, type Setting, warningsOf } from './encoding.ts';
import { faultsOf } from './valid-body.ts';

/** A request as a caller sends it, and everything that it becomes. */
export interface Golden {
  /** Rule ids first. */
  readonly name: string;
  readonly setting?: Setting;
  readonly request: RawRequest;
  /** The whole body but `stream`, which is true. */
  readonly body: RawRequest;
  readonly betas?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** As `code param`. */
  readonly warnings?: readonly string[];
  /** What differs from an ordinary reading. */
  readonly reading?: RawRequest;
}

const ORDINARY = {
  toolNames: new Map(),
  customTools: new Set(),
  jsonTool: false,
  legacyFunctions: false,
  ephemeralPrompt: false,
  exposeReasoning: false,
  jsonFence: false,
};

/** One test for each: the exact body, betas, headers, warnings and reading, and nothing the API would refuse. */
export function goldens(title: string, list: readonly Golden[]): void {
  describe(title, () => {
    // Not `it.each`, which cuts long names, and with them the rule ids.
    for (const golden of list) it(golden.name, () => check(golden));
  });
}

function check(golden: Golden): void {
  const { setting = {}, request, body, betas = [], headers = {}, warnings = [], reading = {} } = golden;
  const encoded = encode(request, setting);
  expect(encoded.body).toEqual({ ...body, stream: true });
  expect(JSON.parse(JSON.stringify(encoded.body))).toEqual(encoded.body);
  expect([encoded.betas, encoded.headers, warningsOf(encoded)]).toEqual([betas, headers, warnings]);
  expect(encoded.reading).toEqual({ ...ORDINARY, ...reading });
  expect(faultsOf(encoded, requireClaudeModel(encoded.body.model, 'anthropic'))).toEqual([]);
}
