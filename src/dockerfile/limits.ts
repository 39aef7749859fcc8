import { LineIndex } from '../text/line-index.ts';
import { linePlace } from '../text/place.ts';
import type { PhysicalLine } from './logical-line.ts';
import type { Dockerfile } from './types.ts';

/** BuildKit's scanner gives up on longer lines. Bytes, line end included. */
const MAX_LINE = 65_536;
export const LINE_TOO_LONG = `dockerfile line greater than max allowed size of ${MAX_LINE - 1}`;
/** Nobody wrote a file beyond these: it is not looked at, and a warning says so. */
export const MAX_TEXT = 4_000_000;
export const MAX_INSTRUCTIONS = 20_000;
/** After so many heredocs without an end, no more ends are looked for: each costs a walk to the end of the file. */
export const MAX_UNTERMINATED = 50;

/** Numbers of the lines that are too long for BuildKit, in order. */
export function overlongLines(text: string, lines: readonly PhysicalLine[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const line of lines) {
    if (line.next - line.start <= MAX_LINE / 3) continue;
    const bytes = new TextEncoder().encode(text.slice(line.start, line.next)).length;
    const ended = text[line.next - 1] === '\n';
    if (ended ? bytes > MAX_LINE : bytes >= MAX_LINE) found.add(line.number);
  }
  return found;
}

const TOO_LONG_REMEDY = 'keep data out of the Dockerfile: COPY it from the build context, and generate no instructions';

/** A file that is too long to be judged: nothing is known of it, and nothing is held against it. */
export function unjudged(text: string, file: string): Dockerfile {
  const why = `too long to be judged: more than ${MAX_TEXT / 1e6} MB or ${MAX_INSTRUCTIONS} instructions`;
  return {
    file,
    text,
    lines: new LineIndex(text),
    escape: '\\',
    directives: [],
    nodes: [],
    instructions: [],
    stages: [],
    metaArgs: [],
    comments: [],
    problems: [{ level: 'warning', at: linePlace(file, 1), text: why, remedy: TOO_LONG_REMEDY }],
  };
}
