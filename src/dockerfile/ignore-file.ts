import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { cleanPath } from './go-path.ts';
import { skipSpace, trimEnd, trimSpace } from './go-text.ts';
import type { Problem } from './types.ts';

export interface IgnorePattern {
  /** Normalised as moby does it, with `!` where it takes back in. */
  readonly text: string;
  readonly written: string;
  readonly negated: boolean;
  readonly place: Place;
  /** Position among the patterns of its file, from 0. */
  readonly index: number;
}

export interface IgnorePatterns {
  readonly file: string;
  readonly patterns: readonly IgnorePattern[];
  readonly problems: readonly Problem[];
}

/** No path is longer on Linux. */
const MAX_PATTERN = 4096;

/** Reads an ignore file as moby's `ignorefile.ReadAll` does: `#` is a comment only in the first column, spaces around a
 * pattern and a leading `/` go away, paths are cleaned. */
export function parseIgnore(text: string, file: string): IgnorePatterns {
  const lines = new LineIndex(text);
  const patterns: IgnorePattern[] = [];
  const problems: Problem[] = [];
  for (let start = text[0] === '\uFEFF' ? 1 : 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const stop = newline === -1 ? text.length : newline;
    const from = skipSpace(text, start, stop);
    const end = trimEnd(text, from, stop);
    const comment = text[start] === '#';
    start = stop + 1;
    if (comment || from === end) continue;
    const place = lines.place(file, { start: from, end });
    if (end - from >= 65_536 / 3 && new TextEncoder().encode(text.slice(from, end)).length >= 65_536) {
      problems.push({ level: 'error', at: place, text: 'bufio.Scanner: token too long' });
      continue;
    }
    if (end - from > MAX_PATTERN) {
      const text = `this pattern is longer than ${MAX_PATTERN} characters and is not judged`;
      problems.push({ level: 'warning', at: place, text });
      continue;
    }
    const written = text.slice(from, end);
    const negated = written.startsWith('!');
    const path = normalise(negated ? trimSpace(written.slice(1)) : written);
    if (negated && path === '') {
      problems.push({ level: 'error', at: place, text: 'illegal exclusion pattern: "!"' });
      continue;
    }
    patterns.push({ text: negated ? `!${path}` : path, written, negated, place, index: patterns.length });
  }
  return { file, patterns, problems };
}

function normalise(pattern: string): string {
  if (pattern === '') return '';
  const clean = cleanPath(pattern);
  return clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
}

/** Patterns that are written elsewhere than in a file: `COPY --exclude`, tests. */
export function patternsOf(texts: readonly string[], place: Place): IgnorePatterns {
  const patterns = texts.map((text, index) => ({ text, written: text, negated: text.startsWith('!'), place, index }));
  return { file: place.file, patterns, problems: [] };
}
