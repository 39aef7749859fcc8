import { known, type Reason } from '../../facts/fact.ts';
import { type EnvRead, secretName } from '../env-read.ts';
import type { Expr } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Value, variants } from '../program/value.ts';
import type { SourceTree } from '../source-tree.ts';
import { isEnvironment } from './is-environment.ts';
import { nestSetting } from './nest-config.ts';
import { type Started, swallowed } from './started.ts';
import { neededBy } from './throwing-calls.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Variables without which a program ends while it starts, by what is done with their values: tests that end the process, lists of names
 * that are gone through, libraries that throw, and NestJS's `getOrThrow`. */
export function envDemands(
  program: Program,
  tree: SourceTree,
  modules: readonly Module[],
  started: Started,
): EnvRead[] {
  const out = new Map<string, EnvRead>();
  const add = (module: Module, names: readonly string[], span: Span, text: string): void => {
    for (const name of names) if (!out.has(name)) out.set(name, demand(module, name, span, text));
  };
  for (const module of modules) {
    for (const { expr, scope, from, to } of module.demanded) {
      const names = namesOf(program, expr, scope, started, from);
      add(module, names, { from, to }, 'it stops when this is missing');
    }
    for (const { test, scope, from, to } of module.guards)
      if (started.runs({ scope, caught: false }, from))
        add(module, filtered(program, test, scope), { from, to }, 'it stops when one of the list is missing');
    for (const site of module.calls) {
      const { call } = site;
      if (!started.runs(site, call.from)) continue;
      for (const { value, own, rejects } of neededBy(program, tree, site)) {
        if (rejects && swallowed(module, call)) continue;
        const name = value === undefined ? own : missingName(value);
        if (name !== undefined && (own === undefined || own === name))
          add(
            module,
            [name],
            { from: call.from, to: Math.min(call.to, call.from + 120) },
            'this call throws without it',
          );
      }
      const setting = nestSetting(program, site);
      if (setting !== undefined && setting !== 'computed' && setting.throws)
        add(module, [setting.key], { from: call.from, to: call.to }, 'getOrThrow ends the start without it');
    }
  }
  return [...out.values()];
}

function demand(module: Module, name: string, span: Span, text: string): EnvRead {
  const at = module.place(span);
  const reason: Reason = { kind: 'source', at, text };
  return {
    name,
    ignoreCase: false,
    required: known(true, reason),
    fallback: known(null),
    when: 'import',
    reached: true,
    through: 'process.env',
    secretish: secretName(name),
    at,
  };
}

/** The variable that a value is when it is set, and `undefined` when it is not. */
function missingName(value: Value): string | undefined {
  return value.t === 'env' && !value.fallback && !value.ignoreCase ? value.name : undefined;
}

/** Names of variables that an expression stands for, where the test that demands it runs at start. */
function namesOf(program: Program, expr: Expr, scope: Scope, started: Started, from: number): readonly string[] {
  const whole = boundExpression(expr, scope);
  const sure = started.runs({ scope, caught: false }, from);
  if (whole.k !== 'index' || !isEnvironment(program.evaluate(whole.object, scope))) {
    const name = sure ? missingName(program.evaluate(expr, scope)) : undefined;
    return name === undefined ? [] : [name];
  }
  // `process.env[name]` in a loop over a list, or in a function that is called with each name.
  const param = whole.index.k === 'name' ? parameterOf(scope, whole.index.name) : undefined;
  if (param !== undefined && scope.fn && !scope.module.callbacks.has(scope.fn)) {
    const calls = program.callers.callsOf(scope.fn, scope);
    return calls.flatMap((site) => {
      const arg = site.call.args[param];
      const given = arg && started.runs(site, site.call.from) ? program.evaluate(arg.value, site.scope) : undefined;
      return given?.t === 'const' && typeof given.value === 'string' ? [given.value] : [];
    });
  }
  return sure ? texts(program.evaluate(whole.index, scope)) : [];
}

/** A name that a constant of the same function is bound to leads to its expression. */
function boundExpression(expr: Expr, scope: Scope): Expr {
  if (expr.k !== 'name') return expr;
  const bindings = scope.names.get(expr.name) ?? [];
  const [only] = bindings;
  return bindings.length === 1 && only?.b === 'value' && only.scope === scope ? only.expr : expr;
}

function parameterOf(scope: Scope, name: string): number | undefined {
  const [binding] = scope.names.get(name) ?? [];
  return binding?.b === 'param' && binding.key === undefined ? binding.index : undefined;
}

function texts(value: Value): readonly string[] {
  const all = variants(value);
  const names = all.flatMap((one) => (one.t === 'const' && typeof one.value === 'string' ? [one.value] : []));
  return names.length === all.length ? names : [];
}

/** `required.filter((name) => !process.env[name])` that is then asked for its length. */
function filtered(program: Program, test: Expr, scope: Scope): readonly string[] {
  const asked = test.k === 'binary' && /^(>|!==?|>=)$/.test(test.op) && test.right.k === 'const' ? test.left : test;
  if (asked.k !== 'member' || asked.name !== 'length') return [];
  if (test.k === 'binary' && test.right.k === 'const' && test.right.value !== (test.op === '>=' ? 1 : 0)) return [];
  const call = boundExpression(asked.object, scope);
  if (call.k !== 'call' || call.callee.k !== 'member' || call.callee.name !== 'filter') return [];
  const filter = call.args[0]?.value;
  const [returns] = filter?.k === 'func' ? filter.fn.body : [];
  const inside = returns?.k === 'return' ? returns.value : undefined;
  if (filter?.k !== 'func' || inside?.k !== 'not' || inside.of.k !== 'index' || inside.of.index.k !== 'name') return [];
  const [param] = filter.fn.params;
  if (param?.target.t !== 'name' || param.target.name !== inside.of.index.name) return [];
  if (!isEnvironment(program.evaluate(inside.of.object, scope))) return [];
  return texts(program.item(program.evaluate(call.callee.object, scope), undefined));
}
