/** A range in a file of the repository. Lines and columns count from 1; columns count UTF-16 units; the end is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A half-open range of UTF-16 offsets in one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The whole of one line, for facts that have no finer position. */
export function linePlace(file: string, line: number, endLine = line): Place {
  return { file, line, column: 1, endLine, endColumn: 1 };
}

/** `file:line`, as people and terminals read it. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}`;
}

/** Order by file, then position: the order of every list that Plimsoll prints. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || a.endLine - b.endLine || a.endColumn - b.endColumn;
}
