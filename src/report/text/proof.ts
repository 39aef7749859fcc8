import { type Cell, isOpen, type Proof, reasonsOf, type Section } from '../page/evidence.ts';
import { sentences } from '../page/sentences.ts';
import type { Paint } from './paint.ts';
import { count, hang, wrap } from './wrap.ts';

interface Screen {
  readonly width: number;
  readonly paint: Paint;
}

/** Columns of the table: what, before, after. */
interface Columns {
  readonly title: number;
  readonly side: number;
}

/** The before-and-after table for a terminal. Rows that were measured on neither side are counted, not shown. */
export function renderProof(proof: Proof, screen: Screen): string {
  const { width, paint } = screen;
  const say = sentences(proof);
  const lines: string[] = ['', paint.strong(`Before and after: ${proof.stack}`)];
  const shown = proof.sections.flatMap((s) => s.rows.filter((r) => !isOpen(r)).map((r) => r.title.length));
  const title = Math.min(Math.floor(width * 0.4), 44, Math.max(...shown, 12));
  const columns = { title, side: Math.max(14, Math.floor((width - title - 4) / 2)) };
  for (const section of proof.sections) lines.push(...sectionLines(section, columns, screen));
  const open = proof.sections.flatMap((s) => s.rows.filter(isOpen));
  if (open.length > 0) {
    const why = reasonsOf(open.flatMap((row) => [row.before, row.after])).slice(0, 3);
    const text = `${count(open.length, 'row')} measured on neither side and not shown here (${why.map((r) => r.why).join('; ')}).`;
    lines.push('', ...hang('', 0, text, width).map(paint.dim));
  }
  lines.push('', ...wrap(`${say.tiles.map((t) => `${t.value} ${t.label}`).join(', ')}.`, width));
  for (const warning of say.warnings) lines.push(...hang('', 0, warning, width).map(paint.warn));
  for (const wrong of proof.wrong)
    lines.push(...hang('', 0, `Plimsoll was wrong: ${wrong.text}`, width).map(paint.bad));
  return `${lines.join('\n')}\n`;
}

function sectionLines(section: Section, columns: Columns, { width, paint }: Screen): readonly string[] {
  const rows = section.rows.filter((row) => !isOpen(row));
  if (rows.length === 0) return [];
  const lone = rows.every((row) => row.before === undefined);
  const heading = wrap(section.title, lone ? width : columns.title).map((line) => paint.strong(line));
  const last = heading.length - 1;
  const sides = `${paint.dim('before'.padEnd(columns.side + 2))}${paint.dim('after')}`;
  const gap = ' '.repeat(Math.max(0, columns.title + 2 - (wrap(section.title, columns.title)[last] ?? '').length));
  const lines = ['', ...heading.map((line, i) => (i === last && !lone ? `${line}${gap}${sides}` : line))];
  for (const row of rows) {
    const titles = wrap(row.title, columns.title);
    const before = lone ? [] : cellLines(row.before, columns.side);
    const after = cellLines(row.after, lone ? width - columns.title - 2 : columns.side);
    for (let i = 0; i < Math.max(titles.length, before.length, after.length); i++) {
      const left = lone ? '' : tone(row.before, (before[i] ?? '').padEnd(columns.side + 2), paint);
      lines.push(
        `${(titles[i] ?? '').padEnd(columns.title + 2)}${left}${tone(row.after, after[i] ?? '', paint)}`.trimEnd(),
      );
    }
  }
  for (const side of ['before', 'after'] as const) {
    const why = reasonsOf(rows.map((row) => row[side])).map((r) => r.why);
    if (why.length > 0)
      lines.push(...hang('', 0, `– not measured ${side}: ${why.map(short).join('; ')}`, width).map(paint.dim));
  }
  return lines;
}

function cellLines(cell: Cell | undefined, width: number): readonly string[] {
  if (cell === undefined) return [''];
  if (cell.state === 'open') return ['–'];
  const mark = cell.state === 'good' ? '✓ ' : cell.state === 'bad' ? '✗ ' : '';
  const { entry } = cell.evidence;
  const detail = cell.state === 'bad' && entry.text !== cell.text ? `: ${short(entry.text)}` : '';
  return wrap(`${mark}${cell.text}${detail}`, width);
}

/** The first line of what the engine said, short enough for a table; the page has all of it. The end says what went wrong, so
 * the middle is left out. */
function short(text: string): string {
  const [first = ''] = text.split('\n');
  return first.length > 110
    ? `${first.slice(0, 45).replace(/\s\S*$/, '')} … ${first.slice(-62).replace(/^\S*\s/, '')}`
    : first;
}

function tone(cell: Cell | undefined, text: string, paint: Paint): string {
  if (cell?.state === 'good') return paint.good(text);
  if (cell?.state === 'bad') return paint.bad(text);
  return cell?.state === 'open' || cell === undefined ? paint.dim(text) : text;
}
