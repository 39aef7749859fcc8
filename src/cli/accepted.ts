import type { Config } from '../config/schema.ts';
import { compileWildmatch } from '../repo/wildmatch.ts';
import type { CheckReport } from '../report/report.ts';
import type { Place } from '../text/place.ts';

type Ignore = NonNullable<Config['ignore']>[number];

/** Takes out the findings that the config accepts. An entry that has run out, that names no rule or that nothing is found for
 * any more is not obeyed in silence: the report says so, with the entry's line. `today`: ISO date. */
export function withoutAccepted(
  report: CheckReport,
  config: Config,
  { at, today, rules }: { at: (path: readonly PropertyKey[]) => Place; today: string; rules: readonly string[] },
): CheckReport {
  const entries = (config.ignore ?? []).map((entry, index) => ({
    entry,
    place: at(['ignore', index]),
    matches: matcher(entry),
    over: entry.until !== undefined && entry.until <= today,
  }));
  const kept = report.findings.filter((f) => !entries.some((e) => !e.over && e.matches(f.rule, f.at.file)));
  const problems = entries.flatMap(({ entry, place, matches, over }) => {
    const hits = report.findings.filter((f) => matches(f.rule, f.at.file)).length;
    const say = (text: string, remedy: string): CheckReport['problems'][number] => ({
      at: { file: place.file, line: place.line },
      text,
      remedy,
    });
    if (!rules.includes(entry.rule))
      return [say(`ignores ${entry.rule}, and there is no such rule.`, 'plimsoll explain lists them.')];
    if (hits === 0) return [say(`ignores ${entry.rule}, which is not found any more.`, 'Remove the entry.')];
    if (over)
      return [
        say(
          `ignored ${entry.rule} until ${entry.until} (${entry.reason}); it counts again.`,
          'Mend it, or set a later day.',
        ),
      ];
    return [];
  });
  return {
    ...report,
    findings: kept,
    ignored: report.ignored + report.findings.length - kept.length,
    problems: [...report.problems, ...problems],
  };
}

function matcher({ rule, file }: Ignore): (rule: string, file: string) => boolean {
  const inFile = file === undefined ? () => true : compileWildmatch(file);
  return (foundRule, foundFile) => foundRule === rule && inFile(foundFile);
}
