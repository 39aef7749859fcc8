import type { Place } from '../text/place.ts';
import type { CheckReport } from './report.ts';

/** The report of a folder as code hosts need it: with paths from the top of the checkout. `folder` without a slash at its end. */
export function below(report: CheckReport, folder: string): CheckReport {
  if (folder === '' || folder === '.') return report;
  const move = <P extends { readonly file: string }>(at: P): P => ({ ...at, file: `${folder}/${at.file}` });
  const moved = <T extends { readonly at?: Place }>(item: T): T =>
    item.at === undefined ? item : { ...item, at: move(item.at) };
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...moved(finding),
      because: finding.because.map(moved),
      symptoms: finding.symptoms.map(moved),
      ...(finding.fix === undefined ? {} : { fix: { ...finding.fix, edits: finding.fix.edits.map(move) } }),
    })),
    problems: report.problems.map((problem) => ({ ...problem, at: move(problem.at) })),
  };
}
