import type { Place } from '../text/place.ts';
import type { Finding } from './finding.ts';

/** An ignore that gives no reason, or names nothing we know: it is not obeyed, and the user is told. */
export interface SuppressionProblem {
  readonly at: { readonly file: string; readonly line: number };
  readonly text: string;
  readonly remedy: string;
}

const OURS = /#\s*plimsoll\s+ignore=(\S+)[ \t]*(.*)$/i;
const HADOLINT = /#\s*hadolint\s+(global\s+)?ignore=(\S+)/i;
const CHECK = /^#\s*check=(?:[^\n]*;)?\s*skip=([^;\s]+)/im;

/** Splits findings into those that stand and those that a comment takes out: `# plimsoll ignore=RULE REASON` and `# hadolint
 * ignore=ID` on the comment lines above the finding (or its instruction) or at its end, `# check=skip=ID` at the top. */
export function suppress(
  findings: readonly Finding[],
  textOf: (file: string) => string | undefined,
  startOf: (at: Place) => number,
): { readonly kept: readonly Finding[]; readonly ignored: number; readonly problems: readonly SuppressionProblem[] } {
  const problems = new Map<string, SuppressionProblem>();
  const lines = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    let found = lines.get(file);
    if (found === undefined) {
      found = (textOf(file) ?? '').split(/\r?\n/);
      lines.set(file, found);
    }
    return found;
  };
  const kept = findings.filter((finding) => {
    const own = linesOf(finding.at.file);
    const names = [finding.rule, ...finding.aliases].map((n) => n.toLowerCase());
    if (skippedByFile(own, names)) return false;
    const start = startOf(finding.at);
    return ![
      ...candidateLines(own, start),
      ...(start === finding.at.line ? [] : candidateLines(own, finding.at.line)),
    ].some(({ text, line }) => {
      const ours = OURS.exec(text);
      if (ours !== null && matches(ours[1], names)) {
        if ((ours[2] ?? '').trim() !== '') return true;
        problems.set(`${finding.at.file}:${line}`, {
          at: { file: finding.at.file, line },
          text: `ignores ${finding.rule} without a reason, so it is not ignored.`,
          remedy: `Write why: # plimsoll ignore=${finding.rule} REASON`,
        });
      }
      const hadolint = HADOLINT.exec(text);
      return hadolint !== null && matches(hadolint[2], names);
    });
  });
  return { kept, ignored: findings.length - kept.length, problems: [...problems.values()] };
}

function matches(list: string | undefined, names: readonly string[]): boolean {
  return (list ?? '').split(',').some((name) => names.includes(name.trim().toLowerCase()));
}

/** The line itself and the comment lines right above it. */
function candidateLines(lines: readonly string[], line: number): readonly { text: string; line: number }[] {
  const found = [{ text: lines[line - 1] ?? '', line }];
  for (let at = line - 1; at >= 1 && /^\s*#/.test(lines[at - 1] ?? ''); at--)
    found.push({ text: lines[at - 1] ?? '', line: at });
  return found;
}

/** BuildKit's directive and hadolint's global pragma hold for the whole file; both stand above the first instruction. */
function skippedByFile(lines: readonly string[], names: readonly string[]): boolean {
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (!line.trimStart().startsWith('#')) return false;
    const skip = CHECK.exec(line)?.[1];
    if (skip !== undefined && (skip.toLowerCase() === 'all' ? names.length > 1 : matches(skip, names))) return true;
    const global = HADOLINT.exec(line);
    if (global?.[1] !== undefined && matches(global[2], names)) return true;
  }
  return false;
}
