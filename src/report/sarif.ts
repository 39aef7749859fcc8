import type { Finding } from '../rules/finding.ts';
import type { Place } from '../text/place.ts';
import type { CheckReport } from './report.ts';

/** What SARIF needs to say of each rule. */
export interface RuleDescription {
  readonly id: string;
  readonly summary: string;
  readonly why: string;
  readonly remedy: string;
}

const LEVEL = { error: 'error', warning: 'warning', note: 'note' } as const;

/** SARIF 2.1.0 with causes as related locations and safe edits as fixes.
 * `textOf` gives a file's text, to turn edits into regions. */
export function renderSarif(
  report: CheckReport,
  rules: readonly RuleDescription[],
  version: string,
  regionOf: (file: string, start: number, end: number) => Place | undefined,
): string {
  const used = rules.filter((rule) => report.findings.some((f) => f.rule === rule.id));
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'plimsoll',
            version,
            rules: used.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.summary },
              fullDescription: { text: rule.why },
              help: { text: rule.remedy },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => resultOf(finding, used, regionOf)),
      },
    ],
  };
  return `${JSON.stringify(sarif, null, 2)}\n`;
}

function resultOf(
  finding: Finding,
  rules: readonly RuleDescription[],
  regionOf: (file: string, start: number, end: number) => Place | undefined,
): unknown {
  const related = [...finding.because, ...finding.symptoms].flatMap((c, index) =>
    c.at === undefined ? [] : [{ id: index, ...locationOf(c.at), message: { text: c.text } }],
  );
  const fix = fixOf(finding, regionOf);
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((r) => r.id === finding.rule),
    level: LEVEL[finding.severity],
    message: { text: finding.title },
    locations: [locationOf(finding.at)],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    partialFingerprints: { 'plimsoll/v1': finding.fingerprint },
    properties: { consequence: finding.consequence, stacks: finding.stacks },
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

/** A fix whose every edit has a region; what only `refit` can write (a new file) is not said by halves. */
function fixOf({ fix }: Finding, regionOf: (file: string, start: number, end: number) => Place | undefined): unknown {
  if (fix === undefined || fix.edits.length === 0) return undefined;
  const changes = new Map<string, unknown[]>();
  for (const edit of fix.edits) {
    const region = regionOf(edit.file, edit.start, edit.end);
    if (region === undefined || edit.delete === true) return undefined;
    const replacement = { deletedRegion: exactRegion(region), insertedContent: { text: edit.text } };
    changes.set(edit.file, [...(changes.get(edit.file) ?? []), replacement]);
  }
  return {
    description: { text: fix.title },
    artifactChanges: [...changes].map(([file, replacements]) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements,
    })),
  };
}

function locationOf(at: Place): { physicalLocation: unknown } {
  return { physicalLocation: { artifactLocation: { uri: uriOf(at.file) }, region: regionFields(at) } };
}

/** A relative reference: `#` and `?` of a file name are no fragment and no query. */
function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

/** A region of whole lines has no columns: SARIF's end column is exclusive and at least 1. */
function regionFields(at: Place): unknown {
  const whole = at.line === at.endLine && at.endColumn <= at.column;
  return whole ? { startLine: at.line } : exactRegion(at);
}

/** With its columns even where it is empty: there something is inserted. */
function exactRegion(at: Place): unknown {
  return { startLine: at.line, startColumn: at.column, endLine: at.endLine, endColumn: at.endColumn };
}
