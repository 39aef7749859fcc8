import type { FileChange } from './apply.ts';
import { type Difference, diffLines } from './line-diff.ts';

/** Lines of context around a change, as git prints them. */
const CONTEXT = 3;

/** A patch in git's format: `git apply` takes it, `git apply -R` takes it back. Line ends stay as they are. Empty for no change. */
export function unifiedDiff(files: readonly FileChange[]): string {
  return files.map(fileDiff).join('');
}

function fileDiff(file: FileChange): string {
  if (file.before === file.after) return '';
  const mode = (file.mode & 0o111) === 0 ? '100644' : '100755';
  const a = quoted(`a/${file.path}`);
  const b = quoted(`b/${file.path}`);
  let out = `diff --git ${a} ${b}\n`;
  if (file.before === undefined) out += `new file mode ${mode}\n`;
  if (file.after === undefined) out += `deleted file mode ${mode}\n`;
  const before = linesOf(file.before ?? '');
  const after = linesOf(file.after ?? '');
  const hunks = hunksOf(diffLines(before, after), before.length, after.length);
  if (hunks.length === 0) return out;
  // A name with a blank gets a tab behind it, or `patch` would read only its first word.
  const tail = (name: string): string => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);
  out += `--- ${file.before === undefined ? '/dev/null' : tail(a)}\n`;
  out += `+++ ${file.after === undefined ? '/dev/null' : tail(b)}\n`;
  for (const hunk of hunks) out += hunkText(hunk, before, after);
  return out;
}

interface Hunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
  readonly differences: readonly Difference[];
}

function hunksOf(differences: readonly Difference[], beforeLength: number, afterLength: number): readonly Hunk[] {
  const groups: Difference[][] = [];
  for (const difference of differences) {
    const last = groups.at(-1);
    const previous = last?.at(-1);
    if (last !== undefined && previous !== undefined && difference.beforeStart - previous.beforeEnd <= 2 * CONTEXT) {
      last.push(difference);
    } else groups.push([difference]);
  }
  return groups.flatMap((group) => {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) return [];
    const lead = Math.min(CONTEXT, first.beforeStart, first.afterStart);
    const trail = Math.min(CONTEXT, beforeLength - last.beforeEnd, afterLength - last.afterEnd);
    return {
      beforeStart: first.beforeStart - lead,
      beforeEnd: last.beforeEnd + trail,
      afterStart: first.afterStart - lead,
      afterEnd: last.afterEnd + trail,
      differences: group,
    };
  });
}

function hunkText(hunk: Hunk, before: readonly string[], after: readonly string[]): string {
  let out = `@@ -${range(hunk.beforeStart, hunk.beforeEnd)} +${range(hunk.afterStart, hunk.afterEnd)} @@\n`;
  let at = hunk.beforeStart;
  for (const difference of hunk.differences) {
    out += lines(' ', before, at, difference.beforeStart);
    out += lines('-', before, difference.beforeStart, difference.beforeEnd);
    out += lines('+', after, difference.afterStart, difference.afterEnd);
    at = difference.beforeEnd;
  }
  return out + lines(' ', before, at, hunk.beforeEnd);
}

/** An empty side names the line before it, as `diff` does. */
function range(start: number, end: number): string {
  const count = end - start;
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
}

function lines(mark: string, all: readonly string[], start: number, end: number): string {
  let out = '';
  for (const line of all.slice(start, end)) {
    out += mark + line;
    if (!line.endsWith('\n')) out += '\n\\ No newline at end of file\n';
  }
  return out;
}

/** Each line with its own end; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Git's C-style quoting for names that would break the line or its parsing. */
function quoted(name: string): string {
  if (!/["\\\x00-\x1f\x7f]/.test(name)) return name;
  const body = name.replace(/["\\\x00-\x1f\x7f]/g, (char) => {
    if (char === '"' || char === '\\') return `\\${char}`;
    return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${body}"`;
}
