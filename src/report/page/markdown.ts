import { CONSEQUENCE_TEXT } from '../../rules/finding.ts';
import { formatPlace } from '../../text/place.ts';
import { type Cell, type Evidence, isOpen, type Prediction, type Proof, type Row } from './evidence.ts';
import { sentences } from './sentences.ts';

/** The page as Markdown, for pull requests: the same rows, evidence as footnotes. */
export function renderMarkdown(proof: Proof): string {
  const say = sentences(proof);
  const lines: string[] = [
    `# What was proven of ${proof.stack}`,
    '',
    say.when,
    '',
    say.tiles.map((t) => `**${t.value}** ${t.label}`).join(' · '),
    '',
  ];
  for (const warning of say.warnings) lines.push(`> ${warning}`, '');
  if (proof.wrong.length > 0)
    lines.push(
      '## Where Plimsoll was wrong',
      '',
      ...proof.wrong.map((w) => `- ${cellText(w.text)} ${mark(w.prediction)} ${mark(w.measurement)}`),
      '',
    );
  lines.push('## Before and after', '');
  for (const section of proof.sections) {
    const rows = section.rows.filter((row) => !isOpen(row));
    lines.push(`### ${section.title}`, '', '| what | before | after |', '| --- | --- | --- |');
    for (const row of rows) lines.push(`| ${cellText(row.title)} | ${cell(row.before)} | ${cell(row.after)} |`);
    const open = section.rows.filter(isOpen);
    if (open.length > 0)
      lines.push(
        '',
        `Not measured on either side: ${open.map((row) => `${cellText(row.title)}${openMarks(row)}`).join(', ')}.`,
      );
    lines.push('');
  }
  lines.push(
    '## What check said',
    '',
    ...predictions('Before', proof.predictions.before),
    ...predictions('After', proof.predictions.after),
  );
  if (proof.assumptions.length > 0)
    lines.push('## Assumptions', '', ...proof.assumptions.map((e) => `- ${cellText(e.entry.text)} ${mark(e)}`), '');
  lines.push('## Evidence', '', ...proof.evidence.map(footnote), '');
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function mark(evidence: Evidence): string {
  return `[^${evidence.id.slice(0, 10)}]`;
}

/** Text that cannot end a table cell or start markup. */
function cellText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;');
}

function cell(content: Cell | undefined): string {
  if (content === undefined) return '–';
  const sign = content.state === 'good' ? '✓ ' : content.state === 'bad' ? '✗ ' : '';
  const { entry } = content.evidence;
  const detail = content.state === 'open' || content.state === 'bad' ? `: ${cellText(entry.text)}` : '';
  return `${sign}${cellText(content.text)}${detail === `: ${cellText(content.text)}` ? '' : detail} ${mark(content.evidence)}`;
}

function openMarks(row: Row): string {
  return [row.before, row.after].map((c) => (c === undefined ? '' : ` ${mark(c.evidence)}`)).join('');
}

function predictions(title: string, list: readonly Prediction[]): readonly string[] {
  if (list.length === 0) return [`${title}: nothing found.`, ''];
  return [
    `${title}: ${list.length}`,
    '',
    ...list.map(
      ({ finding, evidence }) =>
        `- \`${finding.rule}\` ${CONSEQUENCE_TEXT[finding.consequence]}: ${cellText(finding.title)} (\`${formatPlace(finding.at)}\`) ${mark(evidence)}`,
    ),
    '',
  ];
}

function footnote(evidence: Evidence): string {
  const { entry, id } = evidence;
  const parts = [
    entry.kind,
    entry.text,
    entry.argv === undefined ? '' : `\`${entry.argv.join(' ').replaceAll('`', "'")}\``,
    entry.exit === undefined ? '' : `exit ${entry.exit}`,
    entry.log === undefined ? '' : `log ${entry.log.slice(0, 16)}`,
  ];
  return `[^${id.slice(0, 10)}]: ${parts
    .filter((p) => p !== '')
    .map((p) => (p.startsWith('`') ? p : cellText(p)))
    .join('; ')}`;
}
