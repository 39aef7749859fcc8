import { type MemoryFile, memoryRepo } from '../repo/memory.ts';
import { overlay } from '../repo/overlay.ts';
import type { Repo } from '../repo/repo.ts';
import { checkRepo } from '../report/check-repo.ts';
import type { CheckReport } from '../report/report.ts';
import type { RegisteredRule } from '../rules/check.ts';
import { RULES } from '../rules/registry.generated.ts';
import { type Case, parseCase } from './case-file.ts';

/** What a rule made of a case, in the terms of the case. */
export interface Verdict {
  /** Sentences that say what is not as the case wants it. Empty: the case holds. */
  readonly faults: readonly string[];
  readonly report: CheckReport;
}

/** The repository of a case. */
export function caseRepo(from: Case): Repo {
  const files: Record<string, MemoryFile> = {};
  for (const [path, { text, mode, link, tracked }] of from.files)
    files[path] =
      link === undefined ? { content: text, mode, ...(tracked === undefined ? {} : { tracked }) } : { symlink: link };
  return memoryRepo(files, from.name);
}

/** Judges a case of a rule: it must fail at the marked places, pass, or stay undecided. With a safe fix applied, a failing case
 * must pass and bring no new finding and no new point undecided. */
export function judge(
  ruleId: string,
  fileName: string,
  text: string,
  rules: readonly RegisteredRule[] = RULES,
): Verdict {
  const from = parseCase(fileName, text);
  const repo = caseRepo(from);
  const { report } = checkRepo(repo, { rules });
  const found = report.findings.filter((f) => f.rule === ruleId);
  const open = report.inconclusive.filter((i) => i.rule === ruleId);
  const faults: string[] = [];
  const places = found.map((f) => `${f.at.file}:${f.at.line}`);
  if (from.kind === 'fails') {
    if (from.at.length === 0) faults.push('a failing case says with at: where the finding must stand');
    for (const at of from.at)
      if (!places.includes(at)) faults.push(`nothing was found at ${at} (found: ${places.join(', ') || 'nothing'})`);
    for (const at of places)
      if (!from.at.includes(at)) faults.push(`a finding stands at ${at}, where none is expected`);
    faults.push(...fixFaults(ruleId, repo, report, rules));
  } else if (found.length > 0) faults.push(`it was found at ${places.join(', ')}: ${found[0]?.title}`);
  if (from.kind === 'passes' && open.length > 0) faults.push(`it stayed undecided: ${open[0]?.why}`);
  if (from.kind === 'inconclusive' && open.length === 0) faults.push('nothing stayed undecided');
  return { faults, report };
}

function fixFaults(
  ruleId: string,
  repo: Repo,
  before: CheckReport,
  rules: readonly RegisteredRule[],
): readonly string[] {
  const edits = before.findings
    .filter((f) => f.rule === ruleId && f.fix?.safety === 'safe')
    .flatMap((f) => f.fix?.edits ?? []);
  if (edits.length === 0) return [];
  const { report: after } = checkRepo(overlay(repo, edits), { rules });
  const known = new Set([
    ...before.findings.map((f) => f.fingerprint),
    ...before.inconclusive.map((i) => `${i.rule} ${i.why}`),
  ]);
  return [
    ...after.findings
      .filter(
        (f) =>
          f.rule === ruleId &&
          before.findings.some((b) => b.fingerprint === f.fingerprint && (b.fix?.edits.length ?? 0) > 0),
      )
      .map((f) => `the safe fix leaves ${f.at.file}:${f.at.line} as it was`),
    ...after.findings
      .filter((f) => !known.has(f.fingerprint))
      .map((f) => `the safe fix brings ${f.rule} at ${f.at.file}:${f.at.line}: ${f.title}`),
    ...after.inconclusive
      .filter((i) => !known.has(`${i.rule} ${i.why}`))
      .map((i) => `the safe fix leaves ${i.rule} undecided: ${i.why}`),
  ];
}
