import { CONSEQUENCE_TEXT, type Finding } from '../../rules/finding.ts';
import { formatPlace, type Place } from '../../text/place.ts';
import type { CheckReport } from '../report.ts';
import type { Paint } from './paint.ts';
import { count, hang } from './wrap.ts';

export interface TextOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Findings shown in full before the rest is only counted; Infinity shows all. */
  readonly limit: number;
  readonly showUndecided: boolean;
}

const MARK = { error: '✗', warning: '!', note: '·' } as const;

/** The result of `check` for a terminal: findings as arguments, then what was looked at. */
export function renderFindings(report: CheckReport, options: TextOptions): string {
  const { paint } = options;
  const shown = report.findings.filter((f) => f.consequence !== 'style').slice(0, options.limit);
  const blocks = shown.map((finding) => renderFinding(finding, options));
  const rest = report.findings.filter((f) => f.consequence !== 'style').slice(options.limit);
  if (rest.length > 0) {
    blocks.push(
      hang('… ', 2, `and ${count(rest.length, 'more finding')} (${tally(rest)}): plimsoll check --all`, options.width)
        .map(paint.dim)
        .join('\n'),
    );
  }
  for (const problem of report.problems) {
    const text = `${formatPlace({ ...problem.at, column: 1, endLine: 1, endColumn: 1 })} ${problem.text}${problem.remedy === undefined ? '' : ` ${problem.remedy}`}`;
    blocks.push(hang('? ', 2, text, options.width).map(paint.warn).join('\n'));
  }
  if (options.showUndecided) blocks.push(...report.inconclusive.map((item) => renderUndecided(item, options)));
  blocks.push(renderSummary(report, options));
  return `${blocks.join('\n\n')}\n`;
}

/** One finding: its rule and title, the chain of causes in a column of places, what follows, what to do. */
export function renderFinding(finding: Finding, { width, paint }: TextOptions): string {
  const mark = MARK[finding.severity];
  const colour = finding.severity === 'error' ? paint.bad : finding.severity === 'warning' ? paint.warn : paint.dim;
  const head = `${finding.rule} · ${headline(finding)}`;
  const lines = hang(`${colour(mark)} `, 2, head, width).map((line, i) =>
    i === 0 ? line.replace(finding.rule, paint.strong(finding.rule)) : line,
  );
  const causes = finding.because.some((c) => c.at !== undefined && samePlace(c.at, finding.at))
    ? finding.because
    : [{ at: finding.at, text: finding.title }, ...finding.because];
  const rows = [
    ...causes.map((c) => ({ place: c.at === undefined ? '' : formatPlace(c.at), text: c.text, label: false })),
    ...finding.symptoms.slice(0, 4).map((s) => ({ place: formatPlace(s.at), text: s.text, label: false })),
    ...(finding.symptoms.length > 4
      ? [{ place: '', text: `and ${count(finding.symptoms.length - 4, 'more consequence')}`, label: false }]
      : []),
    ...footer(finding),
  ];
  const column = Math.min(
    Math.max(...rows.filter((r) => !r.label).map((r) => r.place.length), 8),
    Math.floor(width * 0.45),
  );
  for (const row of rows) lines.push(...renderRow(row, column, width, paint));
  return lines.join('\n');
}

function headline(finding: Finding): string {
  const where = finding.service ?? finding.target;
  const what = CONSEQUENCE_TEXT[finding.consequence];
  const state = where === undefined || finding.consequence === 'style' ? what : `${where} ${verb(what)}`;
  const tags = [
    finding.hypothetical === true ? 'once the break above is mended' : '',
    finding.orphan === true ? 'nothing builds this file' : '',
  ].filter((t) => t !== '');
  return tags.length === 0 ? state : `${state} (${tags.join('; ')})`;
}

/** `unreachable` → `is unreachable`; verbs stay as they are. */
function verb(text: string): string {
  return /^(unreachable|insecure|blind|bloated|slow)/.test(text) ? `is ${text}` : text;
}

function footer(finding: Finding): readonly { place: string; text: string; label: boolean }[] {
  const rows: { place: string; text: string; label: boolean }[] = [];
  if (finding.fix !== undefined) {
    const how = finding.fix.safety === 'safe' ? 'fix (safe)' : 'fix (prove)';
    rows.push({ place: how, text: `${finding.fix.title} (plimsoll refit --only ${finding.rule})`, label: true });
  }
  return rows;
}

function renderRow(
  row: { place: string; text: string; label: boolean },
  column: number,
  width: number,
  paint: Paint,
): readonly string[] {
  const colour = row.label ? paint.good : paint.place;
  if (row.place.length > column) {
    return [`    ${colour(row.place)}`, ...hang(' '.repeat(column + 6), column + 6, row.text, width)];
  }
  const first = `    ${colour(row.place)}${' '.repeat(column - row.place.length + 2)}`;
  return hang(first, column + 6, row.text, width);
}

function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line;
}

function renderUndecided(item: CheckReport['inconclusive'][number], { width, paint }: TextOptions): string {
  const last = item.because.findLast((c) => c.at !== undefined)?.at;
  const where = last === undefined ? '' : ` (${formatPlace(last)})`;
  return hang('~ ', 2, `${item.rule} undecided for ${item.target}: ${item.why}${where}`, width)
    .map(paint.dim)
    .join('\n');
}

function tally(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const f of findings)
    counts.set(CONSEQUENCE_TEXT[f.consequence], (counts.get(CONSEQUENCE_TEXT[f.consequence]) ?? 0) + 1);
  return [...counts].map(([what, n]) => `${n} ${what}`).join(', ');
}

/** What was looked at and what stayed open: as informative for a clean repository as for a broken one. */
export function renderSummary(report: CheckReport, { width, paint }: TextOptions): string {
  const { stats } = report;
  const errors = report.findings.filter((f) => f.severity === 'error').length;
  const verdict =
    report.findings.length === 0
      ? paint.good('nothing found')
      : `${errors > 0 ? paint.bad(count(errors, 'error')) : '0 errors'}, ${count(report.findings.length - errors, 'other finding')}`;
  const looked = [
    count(stats.files, 'file'),
    `${count(stats.targets, 'build target')}${stats.orphans > 0 ? ` (+ ${count(stats.orphans, 'Dockerfile')} that nothing builds)` : ''}`,
    count(stats.stacks, 'stack'),
    count(stats.services, 'service'),
    count(stats.routes, 'route'),
  ].join(', ');
  const open =
    report.inconclusive.length === 0
      ? 'nothing undecided'
      : `${count(report.inconclusive.length, 'point')} undecided (--undecided lists them)`;
  const ignored = report.ignored > 0 ? `, ${report.ignored} ignored by comment or config` : '';
  const time = stats.milliseconds === undefined ? '' : `, ${Math.round(stats.milliseconds)} ms`;
  const style = report.findings.filter((f) => f.consequence === 'style').length;
  const hidden = style > 0 ? ` ${count(style, 'matter')} of style not shown (--style).` : '';
  return [
    verdict,
    ...hang(
      '',
      0,
      `Looked at ${looked} with ${count(stats.rules, 'rule')}; ${open}${ignored}${time}.${hidden}`,
      width,
    ).map(paint.dim),
  ].join('\n');
}
