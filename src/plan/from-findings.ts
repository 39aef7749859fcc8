import type { Finding } from '../rules/finding.ts';
import { filesOf, type Part, part } from './plan.ts';

/** The parts that findings bring along themselves. Fixes without edits are left to the writers of `refit`; findings with
 * the same edits (one repair answers both) become one part. */
export function partsOfFindings(findings: readonly Finding[]): readonly Part[] {
  const byEdits = new Map<string, Part>();
  for (const finding of findings) {
    const fix = finding.fix;
    if (fix === undefined || fix.edits.length === 0) continue;
    const key = JSON.stringify(fix.edits);
    const earlier = byEdits.get(key);
    if (earlier !== undefined) {
      const tier = fix.safety === 'safe' ? earlier.tier : 'unproven';
      byEdits.set(key, { ...earlier, tier, rules: [...new Set([...earlier.rules, finding.rule])] });
      continue;
    }
    byEdits.set(
      key,
      part({
        id: `fix:${finding.rule}:${finding.fingerprint}`,
        title: `${[...new Set(fix.edits.map((edit) => edit.file))].sort().join(', ')}: ${fix.title}`,
        why: finding.title,
        tier: fix.safety === 'safe' ? 'safe' : 'unproven',
        mustMeasure: fix.mustMeasure ?? [],
        rules: [finding.rule],
        edits: fix.edits,
      }),
    );
  }
  return [...byEdits.values()];
}

/** Those parts of findings that no written part answers: one rule in one file is repaired once. A safe repair stays beside an
 * unproven part: it is what can be applied today, and gives way where that part writes the whole file. */
export function withoutAnswered(ofFindings: readonly Part[], written: readonly Part[]): readonly Part[] {
  const keys = (item: Part): readonly string[] =>
    item.rules.flatMap((rule) => filesOf(item).map((file) => `${rule} ${file}`));
  const safe = new Set(written.filter((item) => item.tier === 'safe').flatMap(keys));
  const all = new Set(written.flatMap(keys));
  return ofFindings.filter((item) => !keys(item).some((key) => (item.tier === 'safe' ? safe : all).has(key)));
}
