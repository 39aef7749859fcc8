import { HclScanner } from './hcl-scanner.ts';
import type { HclBlock, HclExpression } from './hcl-tree.ts';

/** Reads the subset of HCL that bake files use. Tolerant: what is not understood is opaque, and reading goes on at the next line. */
export function readHcl(text: string): HclBlock {
  return new HclReader(text).body('', [], 0, true);
}

const MAX_DEPTH = 60;

class HclReader extends HclScanner {
  #depth = 0;

  body(type: string, labels: readonly string[], offset: number, top: boolean): HclBlock {
    const attributes = new Map<string, { value: HclExpression; offset: number }>();
    const blocks: HclBlock[] = [];
    while (true) {
      this.skip(true);
      if (this.at >= this.text.length) break;
      if (this.text[this.at] === '}') {
        this.at++;
        if (top) continue;
        break;
      }
      const start = this.at;
      const name = this.match(/"[^"\n]*"|[A-Za-z_][\w-]*/y)?.replace(/^"|"$/g, '');
      this.skip(false);
      if (name !== undefined && this.text[this.at] === '=' && this.text[this.at + 1] !== '=') {
        this.at++;
        attributes.set(name, { value: this.expression(), offset: start });
        continue;
      }
      const inner: string[] = [];
      for (
        let label = this.match(/"[^"\n]*"|[A-Za-z_][\w-]*/y);
        label !== undefined;
        label = this.match(/"[^"\n]*"|[A-Za-z_][\w-]*/y)
      ) {
        inner.push(label.replace(/^"|"$/g, ''));
        this.skip(false);
      }
      if (name !== undefined && this.text[this.at] === '{' && this.#depth < MAX_DEPTH) {
        this.at++;
        this.#depth++;
        blocks.push(this.body(name, inner, start, false));
        this.#depth--;
      } else this.nextLine();
    }
    return { type, labels, attributes, blocks, offset };
  }

  expression(): HclExpression {
    const test = this.#binary();
    this.skip(false);
    if (this.text[this.at] !== '?') return test;
    this.at++;
    if (this.#depth > MAX_DEPTH) return this.#give();
    this.#depth++;
    const yes = this.expression();
    this.skip(true);
    if (this.text[this.at] === ':') this.at++;
    const no = this.expression();
    this.#depth--;
    return { kind: 'choice', test, yes, no };
  }

  #binary(): HclExpression {
    let left = this.#primary();
    while (true) {
      this.skip(false);
      const operator = this.match(/==|!=|&&|\|\||<=|>=|[<>+*/%-]/y);
      if (operator === undefined) return left;
      this.skip(true);
      left = { kind: 'binary', operator, left, right: this.#primary() };
    }
  }

  #primary(): HclExpression {
    this.skip(true);
    if (this.#depth > MAX_DEPTH) return this.#give();
    const char = this.text[this.at];
    if (char === '"') return this.#string();
    if (char === '[') return this.#list();
    if (char === '{') return this.#object();
    if (char === '(') {
      this.at++;
      this.#depth++;
      const inner = this.expression();
      this.#depth--;
      this.skip(true);
      if (this.text[this.at] === ')') this.at++;
      return inner;
    }
    if (char === '!') {
      this.at++;
      this.#depth++;
      this.#primary();
      this.#depth--;
      return { kind: 'opaque' };
    }
    const heredoc = this.match(/<<-?([A-Za-z_]\w*)[^\n]*\n/y);
    if (heredoc !== undefined) return this.#heredoc(heredoc);
    const number = this.match(/-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return { kind: 'value', value: Number(number) };
    const name = this.match(/[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y);
    if (name === undefined) return this.#give();
    if (name === 'true' || name === 'false') return { kind: 'value', value: name === 'true' };
    if (name === 'null') return { kind: 'value', value: null };
    if (this.text[this.at] === '(' || this.text[this.at] === '[') {
      this.#balanced();
      return { kind: 'opaque' };
    }
    return { kind: 'name', path: name.split('.') };
  }

  #give(): HclExpression {
    this.nextLine();
    return { kind: 'opaque' };
  }

  #string(): HclExpression {
    const parts: (string | HclExpression)[] = [];
    let literal = '';
    this.at++;
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (char === '"' || char === '\n') {
        this.at++;
        break;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        literal += next === 'n' ? '\n' : next === 't' ? '\t' : next;
        this.at += 2;
      } else if ((char === '$' || char === '%') && this.text[this.at + 1] === '{') {
        if (this.text[this.at - 1] === char) {
          // `$${` is a literal `${`; the first sign stands in `literal` already.
          literal += '{';
          this.at += 2;
          continue;
        }
        this.at += 2;
        if (literal !== '') parts.push(literal);
        literal = '';
        this.#depth++;
        parts.push(char === '%' ? { kind: 'opaque' } : this.expression());
        this.#depth--;
        this.#closeInterpolation();
      } else {
        literal += char;
        this.at++;
      }
    }
    if (parts.length === 0) return { kind: 'value', value: literal };
    if (literal !== '') parts.push(literal);
    return { kind: 'template', parts };
  }

  #closeInterpolation(): void {
    const end = this.text.indexOf('}', this.at);
    const quote = this.text.indexOf('\n', this.at);
    this.at = end === -1 || (quote !== -1 && quote < end) ? this.at : end + 1;
  }

  #heredoc(head: string): HclExpression {
    const word = /<<-?([A-Za-z_]\w*)/.exec(head)?.[1] ?? '';
    const rest = this.text.slice(this.at);
    const end = new RegExp(`^[ \\t]*${word}[ \\t]*$`, 'm').exec(rest);
    const body = end === null ? rest : rest.slice(0, end.index);
    this.at += end === null ? rest.length : end.index + end[0].length;
    if (/[$%]\{/.test(body)) return { kind: 'opaque' };
    const lines = body.split('\n');
    const indent = head.startsWith('<<-')
      ? Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length))
      : 0;
    return { kind: 'value', value: lines.map((line) => line.slice(Math.min(indent, line.length))).join('\n') };
  }

  #list(): HclExpression {
    const items: HclExpression[] = [];
    this.at++;
    this.#depth++;
    while (true) {
      this.skip(true);
      if (this.at >= this.text.length) break;
      if (this.text[this.at] === ']') {
        this.at++;
        break;
      }
      if (/\bfor\b/y.test(this.text.slice(this.at, this.at + 4))) {
        this.toClose(']');
        this.#depth--;
        return { kind: 'opaque' };
      }
      const before = this.at;
      items.push(this.expression());
      this.skip(true);
      if (this.text[this.at] === ',') this.at++;
      if (this.at === before) this.at++;
    }
    this.#depth--;
    return { kind: 'list', items };
  }

  #object(): HclExpression {
    const entries: [HclExpression, HclExpression][] = [];
    this.at++;
    this.#depth++;
    while (true) {
      this.skip(true);
      if (this.at >= this.text.length) break;
      if (this.text[this.at] === '}') {
        this.at++;
        break;
      }
      const before = this.at;
      const key = this.match(/[A-Za-z_][\w-]*(?=\s*[=:])/y);
      const left: HclExpression = key === undefined ? this.#primary() : { kind: 'value', value: key };
      this.skip(false);
      if (this.text[this.at] === '=' || this.text[this.at] === ':') {
        this.at++;
        entries.push([left, this.expression()]);
      }
      this.skip(true);
      if (this.text[this.at] === ',') this.at++;
      if (this.at === before) this.at++;
    }
    this.#depth--;
    return { kind: 'object', entries };
  }

  #balanced(): void {
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at] ?? '';
      if (char === '"') {
        this.#string();
        this.at--;
      } else if ('([{'.includes(char)) depth++;
      else if (')]}'.includes(char) && --depth === 0) {
        this.at++;
        // `f(x)[0].name`
        if (/[[.(]/.test(this.text[this.at] ?? '')) continue;
        return;
      }
    }
  }
}
