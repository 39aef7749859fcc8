import { LineIndex } from '../text/line-index.ts';
import type { Place, Span } from '../text/place.ts';

/** A word of a directive: the text nginx sees (quotes and escapes resolved) and where it is written. */
export interface NginxWord {
  readonly text: string;
  readonly span: Span;
}

export interface NginxDirective {
  readonly name: string;
  readonly args: readonly NginxWord[];
  /** From the name to the `;` or `}`. */
  readonly span: Span;
  readonly place: Place;
  /** Present for blocks. */
  readonly block?: readonly NginxDirective[];
}

export interface NginxFile {
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly directives: readonly NginxDirective[];
  /** Where reading stopped making sense; what was read before it stands. */
  readonly problems: readonly { readonly at: Place; readonly text: string }[];
}

/** Directives of a name, directly in a block. */
export function named(block: readonly NginxDirective[] | undefined, name: string): readonly NginxDirective[] {
  return (block ?? []).filter((d) => d.name === name);
}

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly span: Span }
  | { readonly kind: ';' | '{' | '}'; readonly span: Span };

/** Reads an nginx configuration without loss, as ngx_conf_read_token splits it. Lua blocks and templates with `${VAR}` are read
 * as words. Never throws; a missing `;` or `}` is a problem. */
export function parseNginx(text: string, file: string): NginxFile {
  const lines = new LineIndex(text);
  const problems: { at: Place; text: string }[] = [];
  const tokens = [...tokenize(text, (span, message) => problems.push({ at: lines.place(file, span), text: message }))];
  let at = 0;

  const block = (depth: number): NginxDirective[] => {
    const found: NginxDirective[] = [];
    let words: NginxWord[] = [];
    const finish = (end: number, inner?: readonly NginxDirective[]): void => {
      const [name, ...args] = words;
      words = [];
      if (name === undefined) return;
      const span = { start: name.span.start, end };
      found.push({
        name: name.text,
        args,
        span,
        place: lines.place(file, span),
        ...(inner === undefined ? {} : { block: inner }),
      });
    };
    for (; at < tokens.length; at++) {
      const token = tokens[at];
      if (token === undefined) break;
      if (token.kind === 'word') words.push(token);
      else if (token.kind === ';') finish(token.span.end);
      else if (token.kind === '{') {
        at++;
        const inner = depth > 100 ? [] : block(depth + 1);
        finish(tokens[at]?.span.end ?? text.length, inner);
      } else {
        if (words.length > 0) {
          const last = words.at(-1);
          if (last !== undefined)
            problems.push({
              at: lines.place(file, last.span),
              text: 'unexpected "}": the directive before it has no ";"',
            });
          finish(token.span.start);
        }
        if (depth > 0) return found;
        problems.push({ at: lines.place(file, token.span), text: 'unexpected "}"' });
      }
    }
    if (words.length > 0 || depth > 0) {
      problems.push({
        at: lines.place(file, { start: text.length, end: text.length }),
        text: 'unexpected end of file, expecting ";" or "}"',
      });
      finish(text.length);
    }
    return found;
  };
  return { file, text, lines, directives: block(0), problems };
}

function* tokenize(text: string, problem: (span: Span, message: string) => void): Generator<Token> {
  let i = 0;
  while (i < text.length) {
    const c = text.charAt(i);
    if (/\s/.test(c)) i++;
    else if (c === '#') i = endOfLine(text, i);
    else if (c === ';' || c === '{' || c === '}') {
      yield { kind: c, span: { start: i, end: i + 1 } };
      i++;
    } else if (c === '"' || c === "'") {
      const start = i++;
      let word = '';
      while (i < text.length && text.charAt(i) !== c) {
        if (text.charAt(i) === '\\' && i + 1 < text.length) word += unescapeCharacter(text.charAt(++i), c);
        else word += text.charAt(i);
        i++;
      }
      if (i >= text.length) problem({ start, end: start + 1 }, `the quote ${c} is never closed`);
      i++;
      yield { kind: 'word', text: word, span: { start, end: Math.min(i, text.length) } };
    } else {
      const start = i;
      while (i < text.length && !/[\s;{]/.test(text.charAt(i))) {
        if (text.charAt(i) === '\\') i++;
        else if (text.startsWith('${', i)) i = Math.max(i, text.indexOf('}', i));
        i++;
      }
      yield { kind: 'word', text: text.slice(start, i), span: { start, end: i } };
    }
  }
}

function unescapeCharacter(c: string, quote: string): string {
  if (c === quote || c === '\\') return c;
  return { n: '\n', t: '\t', r: '\r' }[c] ?? `\\${c}`;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
