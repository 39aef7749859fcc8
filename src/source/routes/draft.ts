import type { Reason } from '../../facts/fact.ts';
import type { Expr, Func } from '../program/ir.ts';
import type { Binding, CallSite, Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Instance, type Value, variants } from '../program/value.ts';
import type { Route, RouteTable } from './route-table.ts';

/** A method called on an object that code builds routes with. */
export interface Event extends CallSite {
  readonly name: string;
  readonly module: Module;
  readonly receiver: Instance;
  /** The function a decorator stands on. */
  readonly decorates?: Func;
  /** Loop variables and callback parameters that stand for one item each in this event. */
  readonly bound: ReadonlyMap<Binding, Value>;
}

/** All calls of interesting methods, by the object they are called on. */
export class Events {
  readonly #byInstance = new Map<string, Event[]>();
  readonly program: Program;
  readonly modules: readonly Module[];

  constructor(
    program: Program,
    modules: readonly Module[],
    names: ReadonlySet<string>,
    unwrap: (value: Value) => Value = (value) => value,
  ) {
    this.program = program;
    this.modules = modules;
    for (const module of modules) {
      const decorated = new Map<Expr, Func>();
      for (const fn of module.functions.keys()) for (const decorator of fn.decorators) decorated.set(decorator, fn);
      for (const site of module.calls) {
        const { callee } = site.call;
        if (callee.k !== 'member' || !names.has(callee.name)) continue;
        for (const bound of turns(program, site))
          for (const variant of variants(program.under(bound, () => program.evaluate(callee.object, site.scope)))) {
            const receiver = unwrap(variant);
            if (receiver.t !== 'instance') continue;
            const fn = decorated.get(site.call);
            const event: Event = {
              ...site,
              name: callee.name,
              module,
              receiver,
              bound,
              ...(fn ? { decorates: fn } : {}),
            };
            const list = this.#byInstance.get(receiver.id);
            if (list) list.push(event);
            else this.#byInstance.set(receiver.id, [event]);
          }
      }
    }
  }

  of(instance: Instance): readonly Event[] {
    return this.#byInstance.get(instance.id) ?? [];
  }

  /** Calls that get the object as an argument. */
  escapes(instance: Instance): CallSite[] {
    const out: CallSite[] = [];
    for (const module of this.modules) {
      for (const site of module.calls) {
        for (const { value } of site.call.args) {
          if (value.k !== 'name' && value.k !== 'member') continue;
          if (
            variants(this.program.evaluate(value, site.scope)).some(
              (variant) => variant.t === 'instance' && variant.id === instance.id,
            )
          )
            out.push(site);
        }
      }
    }
    return out;
  }
}

/** Collects the routes and open ends of one table. */
export class Draft {
  readonly routes: Route[] = [];
  readonly open: { prefix: string; why: string; because: Reason[] }[] = [];

  leave(prefix: string, why: string, ...because: Reason[]): void {
    if (!this.open.some((end) => end.prefix === prefix && end.why === why)) this.open.push({ prefix, why, because });
  }

  get ends(): RouteTable['open'] {
    return this.open;
  }
}

/** Where on the way to a route something is not certain. */
export interface Way {
  readonly prefix: string;
  readonly via: readonly Reason[];
  readonly doubtful?: string;
}

export function further(way: Way, prefix: string, reason: Reason | undefined, doubtful?: string): Way {
  const doubt = way.doubtful ?? doubtful;
  return { prefix, via: reason ? [...way.via, reason] : way.via, ...(doubt === undefined ? {} : { doubtful: doubt }) };
}

const NO_TURNS: readonly ReadonlyMap<Binding, Value>[] = [new Map()];

/** One set of bindings for each turn of the loops around a call, where they run over a list that is written out. */
function turns(program: Program, site: CallSite): readonly ReadonlyMap<Binding, Value>[] {
  const names = new Set<string>();
  namesIn(site.call, names);
  let out: readonly ReadonlyMap<Binding, Value>[] = NO_TURNS;
  const seen = new Set<Expr>();
  for (let scope: Scope | undefined = site.scope; scope; scope = scope.parent) {
    for (const name of names) {
      const bindings = scope.names.get(name);
      const [binding] = bindings ?? [];
      if (!binding || bindings?.length !== 1) continue;
      const over = iterated(program, binding, scope);
      if (!over || seen.has(over.key) || over.items.length > 200) continue;
      seen.add(over.key);
      const together = siblings(program, scope, over.key);
      out = out.flatMap((turn) =>
        over.items.map(
          (item) =>
            new Map([
              ...turn,
              ...together.map(({ of, part }): [Binding, Value] => [
                of,
                part === undefined ? item : program.item(item, part),
              ]),
            ]),
        ),
      );
    }
  }
  return out;
}

function namesIn(expr: Expr, out: Set<string>): void {
  if (expr.k === 'name') out.add(expr.name);
  else if (expr.k === 'member') namesIn(expr.object, out);
  else if (expr.k === 'index') namesIn(expr.object, out);
  else if (expr.k === 'template') for (const part of expr.parts) namesIn(part, out);
  else if (expr.k === 'binary') {
    namesIn(expr.left, out);
    namesIn(expr.right, out);
  } else if (expr.k === 'call') {
    namesIn(expr.callee, out);
    for (const arg of expr.args) namesIn(arg.value, out);
  }
}

function iterated(program: Program, binding: Binding, scope: Scope): { key: Expr; items: Value[] } | undefined {
  let over: { expr: Expr; scope: Scope } | undefined;
  if (binding.b === 'part' && binding.key === undefined) over = binding;
  else if (
    binding.b === 'part' &&
    binding.expr.k === 'index' &&
    binding.expr.index.k === 'const' &&
    binding.expr.index.value === '*'
  )
    over = { expr: binding.expr.object, scope: binding.scope };
  else if (binding.b === 'param' && binding.index === 0) {
    const loop = scope.module.callbacks.get(binding.fn);
    if (loop?.call.callee.k === 'member' && /^(forEach|map)$/.test(loop.call.callee.name))
      over = { expr: loop.call.callee.object, scope: loop.scope };
  }
  if (!over) return undefined;
  const value = program.evaluate(over.expr, over.scope);
  return value.t === 'list'
    ? { key: over.expr, items: value.items.map((item) => program.evaluate(item.expr, item.scope)) }
    : undefined;
}

/** All names that one loop binds: `for router, prefix in …`. Destructured callback parameters stay with the whole item. */
function siblings(program: Program, scope: Scope, key: Expr): { of: Binding; part: number | undefined }[] {
  const out: { of: Binding; part: number | undefined }[] = [];
  for (const bindings of scope.names.values()) {
    for (const of of bindings) {
      if (of.b === 'part' && of.expr === key && of.key === undefined) out.push({ of, part: undefined });
      else if (of.b === 'part' && of.expr.k === 'index' && of.expr.object === key && typeof of.key === 'number')
        out.push({ of, part: of.key });
      else if (of.b === 'param' && of.index === 0 && of.key === undefined && iterated(program, of, scope)?.key === key)
        out.push({ of, part: undefined });
    }
  }
  return out;
}
