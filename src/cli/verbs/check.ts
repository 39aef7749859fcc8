import { readFileSync } from 'node:fs';
import { openDirectory } from '../../repo/directory.ts';
import { checkRepo } from '../../report/check-repo.ts';
import { renderGithub, renderGitlab, renderJunit } from '../../report/code-hosts.ts';
import { renderJson } from '../../report/json.ts';
import type { CheckReport } from '../../report/report.ts';
import { renderSarif } from '../../report/sarif.ts';
import { renderFindings } from '../../report/text/findings.ts';
import type { Finding, Severity } from '../../rules/finding.ts';
import { RULES } from '../../rules/registry.generated.ts';
import { LineIndex } from '../../text/line-index.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
import { listOf } from '../flag-values.ts';
import { findingsAt } from '../since.ts';
import { nearest } from '../suggest.ts';
import { today } from '../today.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
const LEVELS: readonly Severity[] = ['note', 'warning', 'error'];

/** `plimsoll check`: what would break or hurt, and why. Never executes anything of the repository. */
export async function run({ positionals, flags, terminal, version }: Invocation): Promise<ExitCode> {
  const started = performance.now();
  const directory = positionals[0] ?? '.';
  const format = String(flags['format'] ?? 'text');
  const failOn = String(flags['fail-on'] ?? 'error');
  const only = listOf(flags['only']);
  const fault = directoryFault(directory) ?? formatFault(format) ?? levelFault(failOn) ?? ruleFault(only);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const repo = openDirectory(directory);
  const { report: whole } = checkRepo(repo, { today: today() });
  const known = knownFingerprints(flags, directory);
  if ('fault' in known) {
    terminal.err(`plimsoll: ${known.fault}\n`);
    return 2;
  }
  const services = listOf(flags['service']);
  const chosen = (finding: Finding): boolean =>
    (only.length === 0 || only.includes(finding.rule)) &&
    (services.length === 0 || (finding.service !== undefined && services.includes(finding.service))) &&
    !known.fingerprints.has(finding.fingerprint);
  const style = flags['style'] === true;
  const report: CheckReport = {
    ...whole,
    findings: whole.findings.filter((f) => chosen(f) && (style || f.consequence !== 'style' || format !== 'text')),
    stats: { ...whole.stats, milliseconds: performance.now() - started },
  };
  terminal.out(
    render(report, format, {
      all: flags['all'] === true,
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
  readonly all: boolean;
  readonly undecided: boolean;
  readonly terminal: Invocation['terminal'];
  readonly version: string;
  readonly textOf: (file: string) => string | undefined;
}

function render(report: CheckReport, format: string, { all, undecided, terminal, version, textOf }: Rendering): string {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(
        report,
        RULES.map(({ id, rule }) => ({ id, summary: rule.summary, why: rule.why, remedy: rule.remedy })),
        version,
        (file, start, end) => {
          const text = textOf(file);
          return text === undefined ? undefined : new LineIndex(text).place(file, { start, end });
        },
      );
    case 'github':
      return renderGithub(report);
    case 'gitlab':
      return renderGitlab(report);
    case 'junit':
      return renderJunit(report);
    default:
      return renderFindings(report, {
        width: terminal.width,
        paint: terminal.paint,
        limit: all ? Number.POSITIVE_INFINITY : 10,
        showUndecided: undecided,
      });
  }
}

function formatFault(format: string): string | undefined {
  if ((FORMATS as readonly string[]).includes(format)) return undefined;
  const near = nearest(format, FORMATS);
  return `check knows the formats ${FORMATS.join(', ')}, not "${format}".${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

function levelFault(level: string): string | undefined {
  return [...LEVELS, 'never'].includes(level)
    ? undefined
    : `--fail-on takes error, warning, note or never, not "${level}".`;
}

function ruleFault(rules: readonly string[]): string | undefined {
  const wrong = rules.find((id) => !RULES.some((r) => r.id === id));
  if (wrong === undefined) return undefined;
  const near = nearest(
    wrong,
    RULES.map((r) => r.id),
  );
  return `there is no rule "${wrong}".${near === undefined ? ' plimsoll explain lists them.' : ` Did you mean ${near}?`}`;
}

/** Fingerprints that are not shown: those of a baseline file, or of the repository at an earlier revision. */
function knownFingerprints(
  flags: Invocation['flags'],
  directory: string,
): { readonly fingerprints: ReadonlySet<string> } | { readonly fault: string } {
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
    const earlier = findingsAt(directory, since);
    if ('fault' in earlier) return earlier;
    for (const finding of earlier.findings) found.add(finding.fingerprint);
  }
  return { fingerprints: found };
}
