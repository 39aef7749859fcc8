import type { Expr } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment } from '../program/value.ts';
import type { Meaning, Plain } from './plain-value.ts';
import { plainValue } from './plain-value.ts';
import { givenTo, judged } from './setting-field.ts';
import type { SettingsField } from './settings.ts';

const DEEPEST = 12;

/** What names mean under an environment, noting which variables were asked for. */
export class Reading {
  readonly program: Program;
  readonly env: Environment;
  /** Fields of the settings whose validator is read: `info.data["X"]`, `values.get("X")`. */
  readonly fields: readonly SettingsField[];
  readonly variables = new Set<string>();
  readonly unset = new Set<string>();
  #depth = 0;

  constructor(program: Program, env: Environment, fields: readonly SettingsField[]) {
    this.program = program;
    this.env = env;
    this.fields = fields;
  }

  meaning(scope: Scope): Meaning {
    return {
      name: (name) => this.named(name, scope),
      other: (expr) => this.other(expr, scope),
    };
  }

  /** A name that is bound once, plainly; Python's own names mean nothing here. */
  named(name: string, start: Scope): Plain | undefined {
    if (this.#depth > DEEPEST) return undefined;
    for (let scope: Scope | undefined = start; scope; scope = scope.parent) {
      if (scope.cls && scope !== start) continue;
      const bindings = scope.names.get(name);
      if (bindings === undefined) continue;
      const [only] = bindings;
      if (only === undefined || bindings.length !== 1) return undefined;
      if (only.b === 'value' && only.doubtful === undefined && only.op === '=')
        return this.deeper(() => plainValue(only.expr, this.meaning(only.scope)));
      if (only.b !== 'import') return undefined;
      const module = this.imported(only.module, scope.module);
      return module === undefined ? undefined : this.deeper(() => this.named(only.name, module.scope));
    }
    return undefined;
  }

  deeper(step: () => Plain | undefined): Plain | undefined {
    this.#depth++;
    const value = step();
    this.#depth--;
    return value;
  }

  imported(name: string, from: Module): Module | undefined {
    const found = this.program.language.resolve(name, from);
    return found.r === 'file' ? this.program.load(found.path) : undefined;
  }

  other(expr: Expr, scope: Scope): Plain | undefined {
    const field = this.fields.length > 0 ? fieldIn(expr) : undefined;
    if (field !== undefined) return this.field(field);
    const read = this.read(expr, scope);
    if (read === undefined) return undefined;
    const { name, fallback } = read;
    const fact = this.env.get(name);
    if (fact !== undefined) {
      this.variables.add(name);
      return fact.known ? fact.value : undefined;
    }
    this.unset.add(name);
    return fallback === undefined ? null : plainValue(fallback, this.meaning(scope));
  }

  /** `os.getenv("X", default)`, `os.environ.get`, `os.environ["X"]`, and fields of the settings in a validator. */
  read(expr: Expr, scope: Scope): { readonly name: string; readonly fallback?: Expr } | undefined {
    if (expr.k === 'call') {
      const name = describe(this.program.evaluate(expr.callee, scope)) ?? '';
      const [first, second, ...rest] = expr.args;
      if (!/^os\.(getenv|environ\.get)$/.test(name) || rest.length > 0) return undefined;
      if (first?.value.k !== 'const' || typeof first.value.value !== 'string') return undefined;
      return { name: first.value.value, ...(second === undefined ? {} : { fallback: second.value }) };
    }
    if (expr.k !== 'index' || expr.index.k !== 'const' || typeof expr.index.value !== 'string') return undefined;
    const name = describe(this.program.evaluate(expr.object, scope));
    return name === 'os.environ' && this.env.has(expr.index.value) ? { name: expr.index.value } : undefined;
  }

  /** The value of a field of the settings. */
  field(name: string): Plain | undefined {
    const field = this.fields.find((candidate) => candidate.field === name);
    const given = field === undefined ? undefined : givenTo(field, this.env);
    if (field === undefined || given === undefined) return undefined;
    if (given.set) {
      this.variables.add(given.variable);
      return judged(this.program, field, given.text, false).value;
    }
    for (const unset of given.names) this.unset.add(unset);
    return field.fallback?.k === 'const' ? field.fallback.value : undefined;
  }
}

/** `self.X`, `info.data["X"]`, `info.data.get("X")`, `values["X"]`, `values.get("X")` in a validator. */
function fieldIn(expr: Expr): string | undefined {
  if (expr.k === 'member') return isName(expr.object, 'self') ? expr.name : undefined;
  const asked = expr.k === 'call' && expr.args.length === 1 ? expr.args[0]?.value : undefined;
  const index = expr.k === 'index' ? expr.index : asked;
  const from =
    expr.k === 'index'
      ? expr.object
      : expr.k === 'call' && expr.callee.k === 'member' && expr.callee.name === 'get'
        ? expr.callee.object
        : undefined;
  if (from === undefined || index?.k !== 'const' || typeof index.value !== 'string') return undefined;
  const data = isName(from, 'values') || (from.k === 'member' && from.name === 'data' && isName(from.object, 'info'));
  return data ? index.value : undefined;
}

function isName(expr: Expr, name: string): boolean {
  return expr.k === 'name' && expr.name === name;
}
