import { CONSEQUENCE_TEXT, type Finding } from '../rules/finding.ts';
import { formatPlace } from '../text/place.ts';
import type { CheckReport } from './report.ts';

/** GitHub workflow commands: one annotation a finding. */
export function renderGithub(report: CheckReport): string {
  const level = { error: 'error', warning: 'warning', note: 'notice' } as const;
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const lines = report.findings.map(
    (f) =>
      `::${level[f.severity]} file=${property(f.at.file)},line=${f.at.line},endLine=${f.at.endLine},title=${property(`${f.rule}: ${CONSEQUENCE_TEXT[f.consequence]}`)}::${data(argument(f))}`,
  );
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** GitLab's code quality report. */
export function renderGitlab(report: CheckReport): string {
  const severity = { error: 'critical', warning: 'major', note: 'info' } as const;
  const seen = new Map<string, number>();
  // GitLab shows only one of those that share a fingerprint: two findings of one subject are told apart by their number.
  const unique = (fingerprint: string): string => {
    const times = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, times);
    return times === 1 ? fingerprint : `${fingerprint}-${times}`;
  };
  const rows = report.findings.map((f) => ({
    description: argument(f),
    check_name: f.rule,
    fingerprint: unique(f.fingerprint),
    severity: severity[f.severity],
    location: { path: f.at.file, lines: { begin: f.at.line, end: f.at.endLine } },
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

/** JUnit XML: a test case a finding, errors as failures, so that CI servers without code annotations show them. */
export function renderJunit(report: CheckReport): string {
  const xml = (text: string): string =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
  const failures = report.findings.filter((f) => f.severity !== 'note');
  const cases = failures.map(
    (f) =>
      `    <testcase classname="${xml(f.at.file)}" name="${xml(`${f.rule} ${formatPlace(f.at)}`)}"><failure message="${xml(f.title)}" type="${f.consequence}">${xml(argument(f))}</failure></testcase>`,
  );
  const passed = failures.length === 0 ? ['    <testcase classname="plimsoll" name="check"/>'] : cases;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="plimsoll" tests="${passed.length}" failures="${failures.length}">\n${passed.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}

/** A finding as one text: title, then its causes, one a line. */
function argument(finding: Finding): string {
  const causes = finding.because.map((c) => (c.at === undefined ? c.text : `${formatPlace(c.at)}: ${c.text}`));
  const fix = finding.fix === undefined ? [] : [`fix: ${finding.fix.title}`];
  return [finding.title, ...causes, ...fix].join('\n');
}
