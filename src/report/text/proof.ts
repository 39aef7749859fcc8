import type { Cell, Proof } from '../page/evidence.ts';
import { sentences } from '../page/sentences.ts';
import type { Paint } from './paint.ts';
import { hang, wrap } from './wrap.ts';

/** The before-and-after table for a terminal. */
export function renderProof(proof: Proof, { width, paint }: { readonly width: number; readonly paint: Paint }): string {
  const say = sentences(proof);
  const lines: string[] = ['', paint.strong(`Before and after: ${proof.stack}`)];
  const title = Math.min(36, Math.max(...proof.sections.flatMap((s) => s.rows.map((r) => r.title.length)), 10));
  const column = Math.max(16, Math.floor((width - title - 6) / 2));
  for (const section of proof.sections) {
    lines.push(
      '',
      `${paint.strong((section.service ?? 'the stack').padEnd(title + 2))}${paint.dim('before'.padEnd(column + 2))}${paint.dim('after')}`,
    );
    for (const row of section.rows) {
      const titles = wrap(row.title, title);
      const before = cellLines(row.before, column);
      const after = cellLines(row.after, column);
      const height = Math.max(titles.length, before.length, after.length);
      for (let i = 0; i < height; i++) {
        lines.push(
          `${(titles[i] ?? '').padEnd(title + 2)}${tone(row.before, (before[i] ?? '').padEnd(column + 2), paint)}${tone(row.after, after[i] ?? '', paint)}`.trimEnd(),
        );
      }
    }
  }
  lines.push('', say.tiles.map((t) => `${t.value} ${t.label}`).join(', '));
  for (const warning of say.warnings) lines.push(...hang('', 0, warning, width).map(paint.warn));
  for (const wrong of proof.wrong)
    lines.push(...hang('', 0, `Plimsoll was wrong: ${wrong.text}`, width).map(paint.bad));
  return `${lines.join('\n')}\n`;
}

function cellLines(cell: Cell | undefined, width: number): readonly string[] {
  if (cell === undefined) return ['–'];
  const mark = cell.state === 'good' ? '✓ ' : cell.state === 'bad' ? '✗ ' : '';
  const { entry } = cell.evidence;
  const detail =
    (cell.state === 'bad' || cell.state === 'open') && entry.text !== cell.text ? `: ${firstSentence(entry.text)}` : '';
  return wrap(`${mark}${cell.text}${detail}`, width);
}

/** The first line of what the engine said, short enough for a table; the page has all of it. */
function firstSentence(text: string): string {
  const [first = ''] = text.split('\n');
  return first.length > 90 ? `${first.slice(0, 89)}…` : first;
}

function tone(cell: Cell | undefined, text: string, paint: Paint): string {
  if (cell?.state === 'good') return paint.good(text);
  if (cell?.state === 'bad') return paint.bad(text);
  return cell?.state === 'open' || cell === undefined ? paint.dim(text) : text;
}
