import { CONSEQUENCE_TEXT, type Consequence, type Finding } from '../../rules/finding.ts';
import { formatPlace } from '../../text/place.ts';
import type { CheckReport } from '../report.ts';
import { argumentOf, joined, type Line } from './argument.ts';
import type { Paint } from './paint.ts';
import { count, hang } from './wrap.ts';

export interface TextOptions {
  readonly width: number;
  readonly paint: Paint;
  /** Findings shown in full before the rest is only counted; Infinity shows all. */
  readonly limit: number;
  readonly showUndecided: boolean;
  /** The directory as the user named it, for the commands that are suggested; absent: the one they stand in. */
  readonly directory?: string;
  /** Matters of style too. */
  readonly style: boolean;
}

const MARK = { error: '✗', warning: '!', note: '·' } as const;

/** The result of `check` for a terminal: findings as arguments, then what was looked at. */
export function renderFindings(report: CheckReport, options: TextOptions): string {
  const { paint } = options;
  const groups = joined(report.findings.filter((f) => options.style || f.consequence !== 'style'));
  const blocks = groups.slice(0, options.limit).map((group) => renderGroup(group, options));
  const rest = groups.slice(options.limit).flat();
  if (rest.length > 0) {
    blocks.push(
      hang(
        '… ',
        2,
        `and ${count(rest.length, 'more finding')} (${tally(rest)}): plimsoll check${inDirectory(options)} --all`,
        options.width,
      )
        .map(paint.dim)
        .join('\n'),
    );
  }
  for (const problem of report.problems) {
    const text = `${formatPlace({ ...problem.at, column: 1, endLine: 1, endColumn: 1 })} ${problem.text}${problem.remedy === undefined ? '' : ` ${problem.remedy}`}`;
    blocks.push(hang('? ', 2, text, options.width).map(paint.warn).join('\n'));
  }
  if (options.showUndecided) blocks.push(...undecidedBlocks(report.inconclusive, options));
  blocks.push(renderSummary(report, options));
  return `${blocks.join('\n\n')}\n`;
}

/** One finding (or several that are read as one): its rule and what it does, the claim and its reasons beside a column of
 * places, what follows, what to do. */
export function renderGroup(group: readonly Finding[], options: TextOptions): string {
  const { width, paint, limit } = options;
  const [finding] = group;
  if (finding === undefined) return '';
  const colour = finding.severity === 'error' ? paint.bad : finding.severity === 'warning' ? paint.warn : paint.dim;
  const head = `${finding.rule} · ${headline(finding, group)}`;
  const lines = hang(`${colour(MARK[finding.severity])} `, 2, head, width).map((line, i) =>
    i === 0 ? line.replace(finding.rule, paint.strong(finding.rule)) : line,
  );
  const rows = argumentOf(group, limit === Number.POSITIVE_INFINITY ? limit : 4);
  const fixes = [
    ...new Map(group.flatMap((f) => (f.fix === undefined ? [] : [[f.fix.title, f.fix] as const]))).values(),
  ];
  const labels = fixes.map((fix) => (fix.safety === 'safe' ? 'fix (safe)' : 'fix (prove)'));
  const column = Math.min(
    Math.max(...[...rows.map((r) => r.place), ...labels].map((p) => p.length), 8),
    Math.floor(width * 0.45),
  );
  for (const row of rows) lines.push(...renderRow(row, column, width, paint.place));
  for (const [i, fix] of fixes.entries()) {
    const command = `plimsoll refit${inDirectory(options)} --only ${finding.rule}`;
    const room = width - column - 6;
    const fits = fix.title.length + command.length + 3 <= room;
    lines.push(
      ...renderRow(
        { place: labels[i] ?? '', text: fits ? `${fix.title} (${command})` : fix.title },
        column,
        width,
        paint.good,
      ),
    );
    if (!fits) lines.push(...renderRow({ place: '', text: command }, column, width, paint.good));
  }
  return lines.join('\n');
}

function inDirectory({ directory }: TextOptions): string {
  return directory === undefined ? '' : ` ${directory}`;
}

function headline(finding: Finding, group: readonly Finding[]): string {
  const where = [...new Set(group.flatMap((f) => f.service ?? f.target ?? []))];
  const what = CONSEQUENCE_TEXT[finding.consequence];
  const state =
    where.length === 0 || finding.consequence === 'style'
      ? what
      : `${finding.consequence === 'no-effect' ? 'part of ' : ''}${listed(where)} ${verb(what, where.length > 1)}`;
  const tags = [
    finding.hypothetical === true ? 'once the break above is mended' : '',
    finding.orphan === true ? 'nothing builds this file' : '',
  ].filter((t) => t !== '');
  return tags.length === 0 ? state : `${state} (${tags.join('; ')})`;
}

/** `a`, `a and b`, `a, b and 4 more`. */
function listed(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length < 3) return names.join(' and ');
  return names.length === 3
    ? `${first}, ${second} and ${names[2]}`
    : `${first}, ${second} and ${names.length - 2} more`;
}

/** `unreachable` → `is unreachable`; verbs stay as they are. */
function verb(text: string, many: boolean): string {
  if (/^(unreachable|insecure|blind|bloated|slow)/.test(text)) return `${many ? 'are' : 'is'} ${text}`;
  return many ? text.replace(/^has /, 'have ') : text;
}

function renderRow(row: Line, column: number, width: number, colour: (text: string) => string): readonly string[] {
  if (row.place.length > column) {
    return [`    ${colour(row.place)}`, ...hang(' '.repeat(column + 6), column + 6, row.text, width)];
  }
  const first = `    ${row.place === '' ? '' : colour(row.place)}${' '.repeat(column - row.place.length + 2)}`;
  return hang(first, column + 6, row.text, width);
}

/** What is undecided, those that share their reason and its place in one block: what is asked of one unknown image is one matter. */
function undecidedBlocks(points: CheckReport['inconclusive'], { width, paint }: TextOptions): readonly string[] {
  const groups = new Map<string, { rules: Set<string>; targets: Set<string>; why: string }>();
  for (const { rule, target, why, because } of points) {
    const last = because.findLast((c) => c.at !== undefined)?.at;
    const text = last === undefined ? why : `${why} (${formatPlace(last)})`;
    const group = groups.get(text) ?? { rules: new Set(), targets: new Set(), why: text };
    groups.set(text, group);
    group.rules.add(rule);
    group.targets.add(target);
  }
  return [...groups.values()].map(({ rules, targets, why }) =>
    hang('~ ', 2, `undecided: ${why}. ${[...rules].join(', ')} of ${listed([...targets])}`, width)
      .map(paint.dim)
      .join('\n'),
  );
}

/** Consequences as adjectives of a number: `7 insecure, 2 without effect`. */
const COUNTED: Readonly<Record<Consequence, string>> = {
  'breaks-build': 'breaking the build',
  'dies-at-start': 'dying at start',
  'never-healthy': 'never healthy',
  unreachable: 'unreachable',
  'loses-data': 'losing data',
  insecure: 'insecure',
  blind: 'blind',
  'no-effect': 'without effect',
  bloated: 'bloated',
  'slow-rebuild': 'slow to rebuild',
  style: 'of style',
};

function tally(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const f of findings) counts.set(COUNTED[f.consequence], (counts.get(COUNTED[f.consequence]) ?? 0) + 1);
  return [...counts].map(([what, n]) => `${n} ${what}`).join(', ');
}

/** What was looked at and what stayed open: as informative for a clean repository as for a broken one. */
export function renderSummary(report: CheckReport, { width, paint, style }: TextOptions): string {
  const { stats } = report;
  const shown = report.findings.filter((f) => style || f.consequence !== 'style');
  const errors = shown.filter((f) => f.severity === 'error').length;
  const verdict =
    shown.length === 0
      ? paint.good('nothing found')
      : `${errors > 0 ? paint.bad(count(errors, 'error')) : '0 errors'}, ${count(shown.length - errors, 'other finding')}`;
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
  const hiddenStyle = style ? 0 : report.findings.filter((f) => f.consequence === 'style').length;
  const hidden = hiddenStyle > 0 ? ` ${count(hiddenStyle, 'matter')} of style not shown (--style).` : '';
  const nothing = stats.targets + stats.orphans + stats.stacks === 0;
  return [
    verdict,
    ...(nothing
      ? hang(
          '',
          0,
          'No Dockerfile and no compose file: there is nothing here that is built or run in a container. Looked for Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile and compose files in all folders. In the wrong place? plimsoll check DIR.',
          width,
        )
      : []),
    ...hang(
      '',
      0,
      `Looked at ${looked} with ${count(stats.rules, 'rule')}; ${open}${ignored}${time}.${hidden}`,
      width,
    ).map(paint.dim),
  ].join('\n');
}
