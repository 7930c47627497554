/** The project's tests with one rule switched off: the one that the environment variable `RULE_OFF` names. */
import { fileURLToPath } from 'node:url';
import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import project from '../../vitest.config.ts';
import { ruleOff } from './rule-off.ts';
import { readRules } from './rules.ts';

const id = process.env['RULE_OFF'];
const rules = readRules(fileURLToPath(new URL('./rules', import.meta.url)));
const root = fileURLToPath(new URL('../..', import.meta.url));
const edits = rules.find((rule) => rule.id === id)?.off ?? [];

const config: ViteUserConfig = mergeConfig(project, { plugins: [ruleOff(edits, root)] });

export default config;
