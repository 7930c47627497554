import fc from 'fast-check';
import { it } from 'vitest';
import { anyModel, anyRequest } from './arbitraries/requests.ts';
import { leavesOf, withOther } from './leaves.ts';
import { isTold, silentRule } from './silent-drops.ts';
import { translate } from './translate.ts';

const said = (raw: any, model: string) => {
  const o = translate(raw, { model });
  if ('refused' in o) return JSON.stringify(o);
  const { body, betas, headers, warnings, reading } = o.encoded;
  return JSON.stringify([
    body,
    betas,
    headers,
    warnings,
    { ...reading, toolNames: [...reading.toolNames], customTools: [...reading.customTools] },
  ]);
};
it('b', () => {
  const count = new Map<string, number>();
  const ex = new Map<string, string>();
  const used = new Map<string, number>();
  for (const [r, m] of fc.sample(fc.tuple(anyRequest, anyModel), 6000)) {
    const o = translate(r, { model: m });
    if ('refused' in o) continue;
    const before = said(r, m);
    const leaves = leavesOf(r);
    if (leaves.length > 300) continue;
    for (const leaf of leaves) {
      if (leaf.keys[0] === 'messages' && Math.random() > 0.2) continue;
      if (isTold(leaf.path, o.encoded.warnings)) continue;
      if (said(withOther(r, leaf), m) !== before) continue;
      const rule = silentRule(leaf.path, r, o.encoded.warnings);
      if (rule) {
        used.set(rule, (used.get(rule) ?? 0) + 1);
        continue;
      }
      const t = leaf.path.replace(/\[\d+\]/g, '[]');
      count.set(t, (count.get(t) ?? 0) + 1);
      const j = JSON.stringify({
        m,
        leaf: leaf.path,
        v: leaf.value,
        w: o.encoded.warnings.map((w) => w.code + ' ' + w.param),
        r,
      });
      if (!ex.has(t) || j.length < ex.get(t)!.length) ex.set(t, j);
    }
  }
  console.log(
    [...used]
      .sort((a, b) => b[1] - a[1])
      .map(([k, v]) => `${v} ${k}`)
      .join('\n'),
  );
  console.log(
    [...count]
      .sort((a, b) => b[1] - a[1])
      .map(([k, v]) => `${v} ${k}\n      ${ex.get(k)!.slice(0, 4000)}`)
      .join('\n'),
  );
});
