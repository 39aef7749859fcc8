import type { Repo } from '../repo/repo.ts';
import type { Edit } from '../text/edit.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

/** Removes the whole line of a place; undefined when the file cannot be read. */
export function lineEdit(repo: Repo, at: Place): Edit | undefined {
  const text = repo.text(at.file);
  if (text === undefined) return undefined;
  const lines = new LineIndex(text);
  return { file: at.file, start: lines.offsetOfLine(at.line), end: lines.offsetOfLine(at.line + 1), text: '' };
}
