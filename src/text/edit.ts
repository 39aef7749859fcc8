/** Replaces `[start, end)` of a file's text. A file that does not exist yet has the empty text. `delete` removes the file. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly delete?: true;
}

/** Applies edits of one file, in order of position; two insertions at one offset keep their order.
 * @throws RangeError when two edits overlap or one lies outside the text: the caller must sort such out first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.index - b.index);
  let out = '';
  let at = 0;
  for (const { edit } of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}-${edit.end} of ${edit.file} overlaps another or lies outside the file`);
    }
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}
