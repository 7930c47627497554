import { describe, expect, it } from 'vitest';
import { ruleOff } from '../../../scripts/contract/rule-off.ts';

const edit = { file: 'src/a.ts', find: 'on', replace: 'off' };

/** What the plugin makes of a module; `undefined` where it leaves it alone. */
function load(code: string, id: string): unknown {
  const { transform } = ruleOff([edit], '/repo');
  if (typeof transform !== 'function') throw new Error('expected a plain hook');
  return Reflect.apply(transform, {}, [code, id]);
}

describe('ruleOff', () => {
  it.each(['/repo/src/a.ts', '/repo/src/a.ts?v=1'])('edits the module %s as it is loaded', (id) => {
    expect(load('rule: on', id)).toEqual({ code: 'rule: off', map: null });
  });

  it.each(['/repo/src/b.ts', '/repo/test/src/a.ts', '/other/src/a.ts'])('leaves %s alone', (id) => {
    expect(load('rule: on', id)).toBeUndefined();
  });

  it('comes before whatever else rewrites a module', () => {
    expect(ruleOff([edit], '/repo').enforce).toBe('pre');
  });

  it('fails where the text is not there, rather than testing the rule as it is', () => {
    expect(() => load('something else', '/repo/src/a.ts')).toThrow('src/a.ts holds this not');
  });
});
