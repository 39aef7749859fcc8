import { atImport } from '../program/demands.ts';
import type { Expr, Func, Stmt } from '../program/ir.ts';
import type { CallSite, Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Value, variants } from '../program/value.ts';

/** What certainly runs while a program starts: its modules, and the functions that they call without a condition. */
export interface Started {
  /** Whether what stands at an offset of a scope runs for certain, and its exception ends the process. */
  runs(site: { readonly scope: Scope; readonly caught: boolean; readonly doubtful?: string }, from: number): boolean;
}

/** @param entry The file that is run. */
export function startedBy(program: Program, entry: Module): Started {
  const modules = new Set(program.reach([entry], true));
  // Up to which offset a function runs for certain: its first return under a condition.
  const functions = new Map<Func, number>();
  const runs: Started['runs'] = ({ scope, caught, doubtful }, from) => {
    if (caught || doubtful !== undefined || !modules.has(scope.module)) return false;
    if (atImport(scope)) return true;
    const fn = functionOf(scope);
    const end = fn && functions.get(fn);
    return end !== undefined && from < end;
  };
  for (let size = -1; size !== functions.size; ) {
    size = functions.size;
    for (const module of modules)
      for (const site of module.calls) {
        if (!runs(site, site.call.from) || swallowed(module, site.call)) continue;
        for (const fn of called(program, site)) if (!functions.has(fn)) functions.set(fn, endOf(fn.body));
      }
  }
  return { runs };
}

/** The innermost function that a scope lies in. */
function functionOf(start: Scope): Func | undefined {
  for (let scope: Scope | undefined = start; scope; scope = scope.parent) if (scope.fn) return scope.fn;
  return undefined;
}

function called(program: Program, site: CallSite): readonly Func[] {
  const { call, scope } = site;
  const out: Func[] = [];
  const all = variants(program.evaluate(call.callee, scope));
  const [value] = all;
  if (all.length === 1 && value?.t === 'func') out.push(value.fn);
  if (all.length === 1 && value?.t === 'class' && call.isNew) out.push(...constructorOf(value));
  // The callback of `listen` runs as soon as the socket is open, one of `forEach` for each item of a list.
  if (call.callee.k === 'member' && call.callee.name === 'listen')
    for (const arg of call.args) if (arg.value.k === 'func') out.push(arg.value.fn);
  if (call.callee.k === 'member' && call.callee.name === 'forEach' && call.args[0]?.value.k === 'func') {
    const list = program.evaluate(call.callee.object, scope);
    if (list.t === 'list' && list.items.length > 0) out.push(call.args[0].value.fn);
  }
  if (/^@nestjs\/core\.NestFactory\.create/.test(describe(value ?? { t: 'const', value: null }) ?? '')) {
    const root = call.args[0] ? program.evaluate(call.args[0].value, scope) : undefined;
    if (root?.t === 'class') out.push(...madeByNest(program, root, new Set()));
  }
  return out;
}

function constructorOf(value: Extract<Value, { t: 'class' }>): readonly Func[] {
  return value.cls.body.flatMap((s) => (s.k === 'def' && s.fn.name === 'constructor' ? [s.fn] : []));
}

/** Constructors and factories of a NestJS module and of those it imports: all providers and controllers are made at start. */
function madeByNest(program: Program, module: Extract<Value, { t: 'class' }>, seen: Set<unknown>): readonly Func[] {
  if (seen.has(module.cls)) return [];
  seen.add(module.cls);
  const out: Func[] = [];
  for (const decorator of module.cls.decorators) {
    if (
      decorator.k !== 'call' ||
      describe(program.evaluate(decorator.callee, module.scope)) !== '@nestjs/common.Module'
    )
      continue;
    const options = decorator.args[0] ? program.evaluate(decorator.args[0].value, module.scope) : undefined;
    if (options?.t !== 'dict') continue;
    const reason = program.reason(module.scope, decorator, 'a module');
    const items = (name: string): readonly Value[] => {
      const list = program.member(options, name, reason);
      return list.t === 'list' ? list.items.map((item) => program.evaluate(item.expr, item.scope)) : [];
    };
    for (const item of [...items('providers'), ...items('controllers')]) {
      if (item.t === 'class') out.push(...constructorOf(item));
      else if (item.t === 'dict') out.push(...factoryOf(program, item, reason));
    }
    for (const item of items('imports')) {
      if (item.t === 'class') out.push(...madeByNest(program, item, seen));
      if (item.t !== 'instance') continue;
      if (item.made.t === 'bound' && item.made.object.t === 'class')
        out.push(...madeByNest(program, item.made.object, seen));
      const given = item.call.args[0] ? program.evaluate(item.call.args[0].value, item.scope) : undefined;
      if (given?.t === 'dict') out.push(...factoryOf(program, given, reason));
    }
  }
  return out;
}

function factoryOf(program: Program, options: Value, reason: ReturnType<Program['reason']>): readonly Func[] {
  const value = program.member(options, 'useFactory', reason);
  return value.t === 'func' ? [value.fn] : [];
}

/** `main().catch(log)`: what is thrown in an asynchronous function ends nothing, unless the handler does. */
export function swallowed(module: Module, call: CallSite['call']): boolean {
  return module.calls.some(({ call: outer }) => {
    if (outer.callee.k !== 'member' || outer.callee.name !== 'catch' || !within(outer.callee.object, call))
      return false;
    const text = module.text.slice(outer.callee.to, outer.to);
    return !/\bexit\(|\bthrow\b/.test(text);
  });
}

const within = (outer: Expr, inner: Expr): boolean => outer.from <= inner.from && inner.to <= outer.to;

function endOf(body: readonly Stmt[]): number {
  for (const s of body) {
    if (s.k === 'return') return s.to;
    if (leaves(s)) return s.from;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether a statement may leave the function without an exception. */
function leaves(s: Stmt): boolean {
  switch (s.k) {
    case 'return':
      return true;
    case 'if':
      return s.body.some(leaves) || s.otherwise.some(leaves);
    case 'for':
    case 'with':
      return s.body.some(leaves);
    case 'loop':
      return true;
    case 'try':
      return [...s.body, ...s.handlers.flatMap((handler) => handler.body), ...s.last].some(leaves);
    default:
      return false;
  }
}
