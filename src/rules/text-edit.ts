import type { Repo } from '../repo/repo.ts';
import type { Edit } from '../text/edit.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

/** Replaces a text inside a place, when it stands there just once; undefined otherwise: then only a person can say which. */
export function textEdit(repo: Repo, at: Place, find: string, replacement: string): Edit | undefined {
  const text = repo.text(at.file);
  if (text === undefined) return undefined;
  const lines = new LineIndex(text);
  const start = lines.offsetOfLine(at.line);
  const end = lines.offsetOfLine(at.endLine + 1);
  const first = text.indexOf(find, start);
  if (first === -1 || first + find.length > end) return undefined;
  const second = text.indexOf(find, first + 1);
  if (second !== -1 && second < end) return undefined;
  return { file: at.file, start: first, end: first + find.length, text: replacement };
}
