import type { Quotes } from './quotes.ts';
import type { Rule } from './rules.ts';

/** How the rules of one section stand. Every rule is in exactly one of the first three lists. */
export interface SectionCoverage {
  readonly section: string;
  readonly covered: readonly Rule[];
  readonly notApplicable: readonly Rule[];
  /** No test quotes them. */
  readonly missing: readonly Rule[];
  /** Applicable rules that nobody has said how to switch off. */
  readonly switchless: readonly Rule[];
}

/** Sorts the rules, section by section. */
export function coverageOf(rules: readonly Rule[], quotes: Quotes): SectionCoverage[] {
  const sections = [...new Set(rules.map(({ section }) => section))];
  return sections.map((section) => {
    const own = rules.filter((rule) => rule.section === section);
    const applicable = own.filter(({ na }) => na === undefined);
    return {
      section,
      covered: applicable.filter(({ id }) => quotes.has(id)),
      notApplicable: own.filter(({ na }) => na !== undefined),
      missing: applicable.filter(({ id }) => !quotes.has(id)),
      switchless: applicable.filter(({ off }) => off.length === 0),
    };
  });
}

/** True when every rule that applies is quoted by a test and can be switched off. */
export function isComplete(sections: readonly SectionCoverage[]): boolean {
  return sections.every(({ missing, switchless }) => missing.length + switchless.length === 0);
}

/** The table of `npm run contract`: counts by section, then the rules that need a word. */
export function coverageText(sections: readonly SectionCoverage[]): string {
  const counts = sections.map(({ section, covered, notApplicable, missing, switchless }) =>
    line(section, covered.length, notApplicable.length, missing.length, switchless.length),
  );
  const all = (pick: (section: SectionCoverage) => readonly Rule[]): readonly Rule[] =>
    sections.flatMap(pick);
  const [covered, notApplicable, missing, switchless] = [
    all((section) => section.covered),
    all((section) => section.notApplicable),
    all((section) => section.missing),
    all((section) => section.switchless),
  ];
  return [
    line('section', 'covered', 'not applicable', 'missing', 'no switch'),
    ...counts,
    line('all', covered.length, notApplicable.length, missing.length, switchless.length),
    ...notApplicable.map(({ id, na }) => `not applicable: ${id}: ${na}`),
    ...missing.map(({ id, rule }) => `missing: ${id}: ${rule}`),
    ...(switchless.length > 0 ? [`no switch: ${switchless.map(({ id }) => id).join(' ')}`] : []),
  ].join('\n');
}

function line(name: string, ...cells: readonly (string | number)[]): string {
  return name.padEnd(18) + cells.map((cell) => String(cell).padStart(16)).join('');
}
