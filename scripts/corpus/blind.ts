import { readFileSync } from 'node:fs';

/** Prints the tables of docs/accuracy/blind.md, from the true defects written before any run and from how the runs were judged. */
interface TrueDefect {
  readonly id: string;
  readonly class: string;
  readonly certainty: 'sure' | 'unsure';
}

interface TrueRepository {
  readonly repository: string;
  readonly heldOut: boolean;
  readonly defects: readonly TrueDefect[];
}

type Outcome = 'found' | 'undecided' | 'missed';
type Verdict = 'true' | 'useless' | 'false';

interface JudgedRepository {
  readonly repository: string;
  readonly defects: Readonly<Record<string, { outcome: Outcome; rule?: string; outside?: boolean }>>;
  readonly findings: readonly { readonly rule: string; readonly consequence: string; readonly verdict: Verdict }[];
}

interface Run {
  readonly title: string;
  readonly commit: string;
  readonly date: string;
  readonly repositories: readonly JudgedRepository[];
}

/** One true defect with what a run made of it. */
interface Scored extends TrueDefect {
  readonly outcome: Outcome;
  readonly rule: string | undefined;
  readonly outside: boolean;
}

interface Half {
  readonly title: string;
  readonly defects: readonly Scored[];
  readonly findings: JudgedRepository['findings'];
}

type Row = readonly (string | number)[];

const FOLDER = 'docs/accuracy';
const OUTCOMES: readonly Outcome[] = ['found', 'undecided', 'missed'];
const VERDICTS: readonly Verdict[] = ['true', 'useless', 'false'];
const FAILURES = ['breaks-build', 'dies-at-start', 'never-healthy', 'unreachable', 'loses-data'];
const CLASSES = [...FAILURES, 'insecure', 'no-effect'];
const CONSEQUENCES = [...FAILURES, 'insecure', 'blind', 'no-effect', 'bloated', 'slow-rebuild'];

function truth(file: string): readonly TrueRepository[] {
  return (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as { repositories: readonly TrueRepository[] })
    .repositories;
}

/** Throws where a defect has no outcome or an outcome no defect: then the data do not fit together. */
function scored(repository: TrueRepository, judged: JudgedRepository): readonly Scored[] {
  const left = new Set(Object.keys(judged.defects));
  const list = repository.defects.map((defect) => {
    const judgement = judged.defects[defect.id];
    if (judgement === undefined) throw new Error(`${repository.repository}: ${defect.id} was not judged`);
    left.delete(defect.id);
    return { ...defect, outcome: judgement.outcome, rule: judgement.rule, outside: judgement.outside === true };
  });
  if (left.size > 0) throw new Error(`${repository.repository}: no defect is named ${[...left].join(', ')}`);
  return list;
}

function half(title: string, repositories: readonly TrueRepository[], run: Run): Half {
  const pairs = repositories.map((repository) => {
    const judged = run.repositories.find((other) => other.repository === repository.repository);
    if (judged === undefined) throw new Error(`${repository.repository} is not in ${run.title}`);
    return { repository, judged };
  });
  return {
    title: `${title}, ${repositories.length} repositories`,
    defects: pairs.flatMap(({ repository, judged }) => scored(repository, judged)),
    findings: pairs.flatMap(({ judged }) => judged.findings),
  };
}

/** A zero is left blank: the tables are sparse. */
function table(header: Row, rows: readonly Row[]): string {
  const line = (row: Row) => `| ${row.map((cell) => (cell === 0 ? '' : cell)).join(' | ')} |\n`;
  return `${line(header)}${line(header.map((_, index) => (index === 0 ? '---' : '--:')))}${rows.map(line).join('')}\n`;
}

function outcomes(defects: readonly Scored[]): readonly number[] {
  return OUTCOMES.map((outcome) => defects.filter((defect) => defect.outcome === outcome).length);
}

function verdicts(findings: Half['findings']): readonly number[] {
  return VERDICTS.map((verdict) => findings.filter((finding) => finding.verdict === verdict).length);
}

function defectRow(name: string, defects: readonly Scored[]): Row {
  const outside = defects.filter((defect) => defect.outside).length;
  return [name, defects.length, ...outcomes(defects), outside];
}

function report({ title, defects, findings }: Half): string {
  const counted = defects.filter((defect) => defect.class !== 'hurts');
  const sure = counted.filter((defect) => defect.certainty === 'sure');
  const byClass = CLASSES.flatMap((name) => {
    const all = counted.filter((defect) => defect.class === name);
    const some = all.filter((defect) => defect.certainty === 'sure');
    return all.length === 0 ? [] : [[name, all.length, ...outcomes(all), some.length, ...outcomes(some)]];
  });
  const rules = [...findings.map((finding) => finding.rule), ...defects.map((defect) => defect.rule ?? '')];
  const byRule = [...new Set(rules.filter((rule) => rule !== ''))].sort().map((rule) => {
    const of = defects.filter((defect) => defect.rule === rule);
    return [rule, ...outcomes(of).slice(0, 2), ...verdicts(findings.filter((finding) => finding.rule === rule))];
  });
  const byConsequence = CONSEQUENCES.flatMap((name) => {
    const of = findings.filter((finding) => finding.consequence === name);
    return of.length === 0 ? [] : [[name, of.length, ...verdicts(of)]];
  });
  return [
    `### ${title}\n\n`,
    table(
      ['defects', 'all', ...OUTCOMES, 'outside'],
      [
        defectRow('sure', sure),
        defectRow('sure and unsure', counted),
        defectRow(
          '"hurts" (apart)',
          defects.filter((defect) => defect.class === 'hurts'),
        ),
      ],
    ),
    table(['class', 'all', ...OUTCOMES, 'sure', ...OUTCOMES], byClass),
    table(['findings', 'all', ...VERDICTS], [...byConsequence, ['in all', findings.length, ...verdicts(findings)]]),
    table(['rule', 'defects found', 'undecided', 'findings true', 'useless', 'false'], byRule),
  ].join('');
}

/** The counts by name: the truths that were written before the runs, and the runs. */
const COUNTS: Readonly<Record<string, { readonly truths: readonly string[]; readonly results: string }>> = {
  first: { truths: ['blind-build.json', 'blind-stacks.json'], results: 'blind-results.json' },
  third: { truths: ['blind-third.json'], results: 'blind-third-results.json' },
};

const [name = 'first'] = process.argv.slice(2);
const count = COUNTS[name];
if (count === undefined) throw new Error(`there is no count ${name}: ${Object.keys(COUNTS).join(', ')}`);
const repositories = count.truths.flatMap(truth);
const { runs } = JSON.parse(readFileSync(`${FOLDER}/${count.results}`, 'utf8')) as { readonly runs: readonly Run[] };
for (const run of runs) {
  process.stdout.write(`## ${run.title}\n\nPlimsoll at \`${run.commit.slice(0, 9)}\`, ${run.date}.\n\n`);
  for (const [title, heldOut] of [['Open half', false] as const, ['Held-out half', true] as const]) {
    const some = repositories.filter((repository) => repository.heldOut === heldOut);
    process.stdout.write(report(half(title, some, run)));
  }
}
