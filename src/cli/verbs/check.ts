import { readFileSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { openDirectory } from '../../repo/directory.ts';
import { below } from '../../report/below.ts';
import { renderGithub, renderGitlab, renderJunit } from '../../report/code-hosts.ts';
import { renderJson } from '../../report/json.ts';
import type { CheckReport } from '../../report/report.ts';
import { renderSarif } from '../../report/sarif.ts';
import { renderFindings } from '../../report/text/findings.ts';
import type { Finding, Inconclusive, Severity } from '../../rules/finding.ts';
import { LineIndex } from '../../text/line-index.ts';
import { withoutAccepted } from '../accepted.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
import { listOf } from '../flag-values.ts';
import { reportOf } from '../kept/report.ts';
import { openConfig } from '../open-config.ts';
import { nearest } from '../suggest.ts';
import { today } from '../today.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
const LEVELS: readonly Severity[] = ['note', 'warning', 'error'];

/** `plimsoll check`: what would break or hurt, and why. Never executes anything of the repository. */
export async function run({ positionals, flags, terminal, version }: Invocation): Promise<ExitCode> {
  // Not performance.now(): Node loads ten modules when that is first used.
  const started = process.hrtime.bigint();
  const directory = positionals[0] ?? '.';
  const format = String(flags['format'] ?? 'text');
  const only = listOf(flags['only']);
  const limit = limitOf(flags);
  const fault =
    directoryFault(directory) ??
    formatFault(format) ??
    levelFault(flags['fail-on']) ??
    (only.length === 0 ? undefined : (await import('../rule-fault.ts')).ruleFault(only)) ??
    limit.fault;
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const loaded = openConfig(directory, { flags, terminal });
  if (loaded === undefined) return 2;
  const failOn = String(flags['fail-on'] ?? loaded.config.failOn ?? 'error');
  const repo = openDirectory(directory);
  const whole = withoutAccepted(await reportOf(repo, today()), loaded.config, {
    at: loaded.at,
    today: today(),
    rules: loaded.config.ignore === undefined ? [] : (await allRules()).map((r) => r.id),
  });
  const strange = serviceFault(listOf(flags['service']), whole);
  if (strange !== undefined) {
    terminal.err(`plimsoll: ${strange}\n`);
    return 2;
  }
  const known = await knownFingerprints(flags, directory);
  if ('fault' in known) {
    terminal.err(`plimsoll: ${known.fault}\n`);
    return 2;
  }
  const services = listOf(flags['service']);
  const chosen = (finding: Finding): boolean =>
    (only.length === 0 || only.includes(finding.rule)) &&
    (services.length === 0 || (finding.service !== undefined && services.includes(finding.service))) &&
    !known.fingerprints.has(finding.fingerprint);
  const chosenPoint = ({ rule, target }: Inconclusive): boolean =>
    (only.length === 0 || only.includes(rule)) &&
    (services.length === 0 || services.some((service) => target.endsWith(`/${service}`)));
  const style = flags['style'] === true;
  const report: CheckReport = {
    ...whole,
    findings: whole.findings.filter(chosen),
    inconclusive: whole.inconclusive.filter(chosenPoint),
    stats: { ...whole.stats, milliseconds: Number(process.hrtime.bigint() - started) / 1e6 },
  };
  terminal.out(
    await render(report, format, {
      limit: limit.value,
      ...(directory === '.' ? {} : { directory }),
      style,
      undecided: flags['undecided'] === true,
      terminal,
      version,
      textOf: (file) => repo.text(file),
    }),
  );
  if (format === 'text')
    for (const problem of repo.problems) terminal.err(`could not read ${problem.path}: ${problem.text}\n`);
  const threshold = LEVELS.indexOf(failOn as Severity);
  return threshold >= 0 &&
    report.findings.some((f) => LEVELS.indexOf(f.severity) >= threshold && f.consequence !== 'style')
    ? 1
    : 0;
}

interface Rendering {
  readonly limit: number;
  readonly directory?: string;
  readonly style: boolean;
  readonly undecided: boolean;
  readonly terminal: Invocation['terminal'];
  readonly version: string;
  readonly textOf: (file: string) => string | undefined;
}

/** The rules are loaded where they are needed: a report may be that of an earlier run. */
async function allRules(): Promise<typeof import('../../rules/registry.generated.ts')['RULES']> {
  return (await import('../../rules/registry.generated.ts')).RULES;
}

async function render(report: CheckReport, format: string, options: Rendering): Promise<string> {
  const { limit, directory, style, undecided, terminal, version, textOf } = options;
  // Code hosts know paths from the top of the checkout, where the command is run.
  const folder = relative('.', directory ?? '.')
    .split(sep)
    .join('/');
  const inside = folder.startsWith('..') || isAbsolute(folder) ? '' : folder;
  const hosted = below(
    { ...report, findings: report.findings.filter((f) => style || f.consequence !== 'style') },
    inside,
  );
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(
        below(report, inside),
        (await allRules()).map(({ id, rule }) => ({ id, summary: rule.summary, why: rule.why, remedy: rule.remedy })),
        version,
        (file, start, end) => {
          const text = textOf(inside === '' ? file : file.slice(inside.length + 1));
          return text === undefined ? undefined : new LineIndex(text).place(file, { start, end });
        },
      );
    case 'github':
      return renderGithub(hosted);
    case 'gitlab':
      return renderGitlab(hosted);
    case 'junit':
      return renderJunit(hosted);
    default:
      return renderFindings(report, {
        width: terminal.width,
        paint: terminal.paint,
        limit,
        ...(directory === undefined ? {} : { directory }),
        style,
        showUndecided: undecided,
      });
  }
}

function formatFault(format: string): string | undefined {
  if ((FORMATS as readonly string[]).includes(format)) return undefined;
  const near = nearest(format, FORMATS);
  return `check knows the formats ${FORMATS.join(', ')}, not "${format}".${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

function levelFault(level: Invocation['flags'][string]): string | undefined {
  return level === undefined || [...LEVELS, 'never'].includes(String(level))
    ? undefined
    : `--fail-on takes error, warning, note or never, not "${String(level)}".`;
}

/** How many findings are shown in full: ten, unless the user says otherwise. */
function limitOf(flags: Invocation['flags']): { readonly value: number; readonly fault?: string } {
  if (flags['all'] === true) return { value: Number.POSITIVE_INFINITY };
  if (flags['limit'] === undefined) return { value: 10 };
  const value = Number(flags['limit']);
  return Number.isInteger(value) && value >= 0
    ? { value }
    : { value: 10, fault: `--limit takes a number of findings, not "${String(flags['limit'])}".` };
}

/** A misspelt service would hide everything: it is a fault, not a clean result. */
function serviceFault(wanted: readonly string[], report: CheckReport): string | undefined {
  const names = [...new Set(report.stacks.flatMap((s) => s.services))].sort();
  const wrong = wanted.find((name) => !names.includes(name));
  if (wrong === undefined) return undefined;
  const near = nearest(wrong, names);
  return `there is no service "${wrong}".${near === undefined ? (names.length === 0 ? ' There are none.' : ` There are ${names.join(', ')}.`) : ` Did you mean ${near}?`}`;
}

/** Fingerprints that are not shown: those of a baseline file, or of the repository at an earlier revision. */
async function knownFingerprints(
  flags: Invocation['flags'],
  directory: string,
): Promise<{ readonly fingerprints: ReadonlySet<string> } | { readonly fault: string }> {
  const baseline = flags['baseline'];
  const found = new Set<string>();
  if (typeof baseline === 'string') {
    try {
      const { findings } = JSON.parse(readFileSync(baseline, 'utf8')) as {
        findings?: readonly { fingerprint?: string }[];
      };
      if (!Array.isArray(findings))
        return { fault: `${baseline} is no baseline: write one with plimsoll check --format json > ${baseline}` };
      for (const { fingerprint } of findings) if (fingerprint !== undefined) found.add(fingerprint);
    } catch (error) {
      return {
        fault: `${baseline} could not be read as a baseline: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }
  const since = flags['since'];
  if (typeof since === 'string') {
    const { findingsAt } = await import('../since.ts');
    const earlier = findingsAt(directory, since);
    if ('fault' in earlier) return earlier;
    for (const finding of earlier.findings) found.add(finding.fingerprint);
  }
  return { fingerprints: found };
}
