import { skipSpace } from './go-text.ts';
import type { PhysicalLine } from './logical-line.ts';
import type { Directive, EscapeChar } from './syntax.ts';

const HASH = /^#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+?)[\t\n\f\r ]*$/;
const SLASHES = /^\/\/[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+?)[\t\n\f\r ]*$/;

function isDirectiveName(name: string): name is Directive['name'] {
  return name === 'syntax' || name === 'escape' || name === 'check';
}

export interface Directives {
  readonly directives: readonly Directive[];
  readonly escapeChar: EscapeChar;
  /** BuildKit's words, for the line at which it gives up. */
  readonly problem?: { readonly line: number; readonly text: string };
}

/** Directives stand at the very top: the first line that is none ends them, even an ordinary comment. */
export function readDirectives(text: string, lines: readonly PhysicalLine[]): Directives {
  const directives: Directive[] = [];
  let escapeChar: EscapeChar = '\\';
  for (const line of lines) {
    const start = skipSpace(text, line.number === 1 && text[0] === '\uFEFF' ? 1 : line.start, line.end);
    const match = HASH.exec(text.slice(start, line.end));
    const name = match?.[1]?.toLowerCase();
    const value = match?.[2];
    if (name === undefined || value === undefined || !isDirectiveName(name)) break;
    if (directives.some((known) => known.name === name)) {
      return {
        directives,
        escapeChar,
        problem: { line: line.number, text: `only one ${name} parser directive can be used` },
      };
    }
    directives.push({ name, value, span: { start, end: line.end }, line: line.number });
    if (name !== 'escape') continue;
    if (value !== '\\' && value !== '`') {
      const text = `invalid escape token '${value}' does not match \` or \\`;
      return { directives, escapeChar, problem: { line: line.number, text } };
    }
    escapeChar = value;
  }
  return { directives, escapeChar };
}

/** The frontend image that a file asks for: `# syntax=`, or for files in other languages `// syntax=` or a JSON object
 * with the key `syntax`; a first line `#!…` is skipped. */
export function detectSyntax(text: string): { image: string; written: string; line: number } | undefined {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const shebang = withoutMark.startsWith('#!');
  const newline = withoutMark.indexOf('\n');
  const body = shebang ? (newline === -1 ? '' : withoutMark.slice(newline + 1)) : withoutMark;
  const skipped = shebang ? 1 : 0;
  return fromComments(body, HASH, skipped) ?? fromComments(body, SLASHES, skipped) ?? fromJson(body, skipped);
}

function fromComments(body: string, form: RegExp, skipped: number) {
  const seen = new Set<string>();
  let line = skipped;
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf('\n', start);
    const end = newline === -1 ? body.length : newline;
    line++;
    const match = form.exec(body.slice(start, end).replace(/\r$/, ''));
    const name = match?.[1]?.toLowerCase();
    const written = match?.[2];
    if (name === undefined || written === undefined || !isDirectiveName(name) || seen.has(name)) return undefined;
    if (name === 'syntax') return { image: written.split(' ', 1)[0] ?? '', written, line };
    seen.add(name);
    start = end + 1;
  }
  return undefined;
}

function fromJson(body: string, skipped: number) {
  if (!/^[\t\n\r ]*\{/.test(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'syntax')) return undefined;
    const written: unknown = Object.entries(value).find(([key]) => key === 'syntax')?.[1];
    return typeof written === 'string' ? { image: written, written, line: skipped } : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return undefined;
  }
}
