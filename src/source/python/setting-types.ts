import type { Expr } from '../program/ir.ts';
import type { Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, textOf } from '../program/value.ts';

/** What a type of pydantic makes of a text: refused with why, or the plain value; neither: not known. Measured on 2026-11-21 with
 * pydantic 1.10 and 2.14: only what both refuse is refused here. */
export interface Typed {
  readonly refused?: string;
  readonly value?: string | number | boolean;
  /** Read as JSON before any validator sees it. */
  readonly json?: true;
}

const NOT_KNOWN: Typed = {};

const SCHEMES: Readonly<Record<string, RegExp>> = {
  AnyUrl: /^[a-z][a-z0-9+.-]*:/i,
  AnyHttpUrl: /^https?:\/\//i,
  HttpUrl: /^https?:\/\//i,
  PostgresDsn: /^postgres(ql)?(\+(asyncpg|pg8000|psycopg|psycopg2|psycopg2cffi|py-postgresql|pygresql))?:\/\//i,
  RedisDsn: /^rediss?:\/\//i,
  AmqpDsn: /^amqps?:\/\//i,
};

/** A text under the annotation of a field. */
export function typed(program: Program, annotation: Expr, scope: Scope, text: string): Typed {
  if (annotation.k === 'binary' && annotation.op === '|') return ofUnion([annotation.left, annotation.right]);
  if (annotation.k === 'index') {
    const name = last(annotation.object);
    const items = annotation.index.k === 'list' ? annotation.index.items : [annotation.index];
    switch (name) {
      case 'Optional':
        return ofUnion(items);
      case 'Annotated':
        return items[0] && items.length === 2 ? typed(program, items[0], scope, text) : NOT_KNOWN;
      case 'Literal':
        return ofValues(items.map((item) => (item.k === 'const' ? item.value : undefined)));
      default:
        return /^(List|Set|FrozenSet|Dict|Tuple|Sequence|list|set|frozenset|dict|tuple)$/.test(name)
          ? ofJson()
          : NOT_KNOWN;
    }
  }
  if (annotation.k !== 'name' && annotation.k !== 'member') return NOT_KNOWN;
  const value = program.evaluate(annotation, scope);
  if (value.t === 'class') return ofClass(value.cls.bases.map(last), value);
  const name = (describe(value) ?? '').split('.').at(-1) ?? '';
  switch (name) {
    case 'str':
    case 'SecretStr':
      return { value: text };
    case 'int':
    case 'PositiveInt':
      if (/^\s*[+-]?\d+\s*$/.test(text)) {
        const number = Number(text);
        return name === 'PositiveInt' && number <= 0 ? refuse('not a positive number') : { value: number };
      }
      return text.trim() === '' || /[A-Za-z:/]/.test(text) ? refuse('not a whole number') : NOT_KNOWN;
    case 'float':
      return text.trim() === '' || (/[A-Za-z]{2}/.test(text) && !/inf|nan|e/i.test(text))
        ? refuse('not a number')
        : NOT_KNOWN;
    case 'bool':
      if (/^(1|on|t|true|y|yes)$/i.test(text)) return { value: true };
      if (/^(0|off|f|false|n|no)$/i.test(text)) return { value: false };
      return /^\s|\s$/.test(text) && text.trim() !== '' ? NOT_KNOWN : refuse('neither true nor false');
    case 'list':
    case 'dict':
    case 'set':
    case 'tuple':
    case 'List':
    case 'Dict':
      return ofJson();
    case 'EmailStr':
      return text.includes('@') && !/@(localhost|[^@]*\.(local|localhost|invalid|test))$/i.test(text)
        ? NOT_KNOWN
        : refuse('no e-mail address that may be used');
    default: {
      const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
      return scheme === undefined || scheme.test(text) ? NOT_KNOWN : refuse(`not a ${name}`);
    }
  }

  function ofUnion(parts: readonly Expr[]): Typed {
    const rest = parts.filter((part) => !(part.k === 'const' && part.value === null));
    const [only] = rest;
    if (only === undefined || rest.length !== 1) return NOT_KNOWN;
    const found = typed(program, only, scope, text);
    // What cannot be read as JSON is handed on as text here, which a validator may still turn into a list.
    return found.json === true ? NOT_KNOWN : found;
  }

  function ofJson(): Typed {
    try {
      JSON.parse(text);
      return { json: true };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // JavaScript refuses nothing that Python reads but these.
      return /NaN|Infinity/.test(text) ? NOT_KNOWN : { json: true, refused: 'not JSON, as which a list is read' };
    }
  }

  function ofValues(values: readonly unknown[]): Typed {
    const texts = values.filter((item): item is string => typeof item === 'string');
    if (texts.length !== values.length || texts.length === 0) return NOT_KNOWN;
    return texts.includes(text) ? { value: text } : refuse(`none of ${texts.slice(0, 6).join(', ')}`);
  }

  function ofClass(bases: readonly string[], owner: Extract<ReturnType<Program['evaluate']>, { t: 'class' }>): Typed {
    if (!bases.some((base) => /^(Str)?Enum$/.test(base)) || bases.some((base) => !/^(str|Enum|StrEnum)$/.test(base)))
      return NOT_KNOWN;
    const inner = owner.scope.module.classes.get(owner.cls);
    if (owner.cls.body.some((s) => s.k === 'def' && s.fn.name === '_missing_') || inner === undefined) return NOT_KNOWN;
    const values = owner.cls.body.flatMap((s) =>
      s.k === 'assign' && s.value ? [textOf(program.evaluate(s.value, inner), new Map())] : [],
    );
    const found = ofValues(values.map((fact) => (fact.known ? fact.value : undefined)));
    return found.refused === undefined ? NOT_KNOWN : found;
  }
}

function refuse(why: string): Typed {
  return { refused: why };
}

function last(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.name : '';
}
