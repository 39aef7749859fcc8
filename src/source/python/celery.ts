import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Expr } from '../program/ir.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, type Value, variableOf } from '../program/value.ts';
import { argument } from './arguments.ts';

/** Celery as the code of some modules sets it up. */
export interface CeleryFacts {
  readonly apps: readonly {
    readonly at: Place;
    readonly broker?: Fact<string>;
    readonly brokerVariable?: string;
    readonly backend?: Fact<string>;
    readonly backendVariable?: string;
  }[];
  readonly tasks: readonly { readonly name: string; readonly queue?: Fact<string>; readonly at: Place }[];
  /** Queues that code sends to (`apply_async(queue=…)`, task options); the default queue is not among them. */
  readonly queues: readonly { readonly name: Fact<string>; readonly at: Place }[];
  /** Something is scheduled, so a beat process is needed. */
  readonly beat: readonly Reason[];
  /** Routing that could not be read: queues may be others. */
  readonly routing: readonly Reason[];
  /** `task_queues` is set: what a worker without -Q consumes. */
  readonly declared: readonly Reason[];
  /** `task_default_queue`, else Celery's own. */
  readonly defaultQueue: Fact<string>;
}

/** Reads Celery apps, tasks, queues and schedules. */
export function celeryFacts(program: Program, modules: readonly Module[], env: Environment): CeleryFacts {
  const apps: CeleryFacts['apps'][number][] = [];
  const tasks: CeleryFacts['tasks'][number][] = [];
  const queues: CeleryFacts['queues'][number][] = [];
  const beat: Reason[] = [];
  const routing: Reason[] = [];
  const declared: Reason[] = [];
  let defaultQueue: Fact<string> = known('celery');
  const set = (module: Module, name: string, value: Expr): void => {
    const at = module.place({ from: value.from, to: Math.min(value.to, value.from + 80) });
    if (BEAT.test(name) && !(value.k === 'dict' && value.entries.length === 0))
      beat.push({ kind: 'source', at, text: 'a schedule' });
    if (QUEUES.test(name)) declared.push({ kind: 'source', at, text: `${name} is set` });
    if (DEFAULT.test(name)) defaultQueue = textOf(program.evaluate(value, module.scope), env);
    if (EAGER.test(name) && !(value.k === 'const' && value.value === false))
      routing.push({ kind: 'source', at, text: `${name} is set: tasks may run at once, without a queue` });
    if (!ROUTES.test(name)) return;
    const routes = routesIn(program, module, value, env);
    if (routes === undefined) routing.push({ kind: 'source', at, text: `${name} is computed` });
    else queues.push(...routes);
  };
  for (const module of modules) {
    if (!/celery|shared_task|apply_async|beat_schedule/i.test(module.text)) continue;
    for (const { call, scope } of module.calls) {
      const value = program.evaluate(call, scope);
      const at = module.place(call);
      if (value.t === 'instance' && /^celery(\.app)?(\.base)?\.Celery$/.test(externalBase(program, value.made) ?? '')) {
        const setting = (name: string) => {
          const arg = argument(call, name);
          const of = arg ? program.evaluate(arg.value, scope) : undefined;
          return of && { fact: textOf(of, env), variable: variableOf(of) };
        };
        const broker = setting('broker');
        const backend = setting('backend');
        apps.push({
          at,
          ...(broker ? { broker: broker.fact } : {}),
          ...(broker?.variable === undefined ? {} : { brokerVariable: broker.variable }),
          ...(backend ? { backend: backend.fact } : {}),
          ...(backend?.variable === undefined ? {} : { backendVariable: backend.variable }),
        });
      }
      const name = call.callee.k === 'member' || call.callee.k === 'name' ? call.callee.name : '';
      if (/^(apply_async|send_task|signature|si?)$/.test(name)) {
        const queue = argument(call, 'queue');
        if (queue) queues.push({ name: textOf(program.evaluate(queue.value, scope), env), at });
      }
      if (name === 'add_periodic_task') beat.push({ kind: 'source', at, text: 'schedules a task' });
      for (const arg of call.args) if (arg.name !== undefined) set(module, arg.name, arg.value);
    }
    for (const { target, value } of module.stores) if (target.k === 'member') set(module, target.name, value);
    for (const [name, bindings] of module.scope.names)
      for (const binding of bindings) if (binding.b === 'value') set(module, name, binding.expr);
    for (const fn of module.functions.keys()) {
      for (const decorator of fn.decorators) {
        const callee = decorator.k === 'call' ? decorator.callee : decorator;
        const scope = module.functions.get(fn)?.parent ?? module.scope;
        const known1 = describe(program.evaluate(callee, scope)) ?? '';
        if (!/^celery\.shared_task$|Celery\(\)\.task$/.test(known1)) continue;
        const given = decorator.k === 'call' ? argument(decorator, 'name') : undefined;
        const text = given ? textOf(program.evaluate(given.value, scope), env) : undefined;
        const queue = decorator.k === 'call' ? argument(decorator, 'queue') : undefined;
        const at = module.place({ from: fn.from, to: fn.from });
        const fact = queue ? textOf(program.evaluate(queue.value, scope), env) : undefined;
        tasks.push({ name: text?.known ? text.value : (fn.name ?? ''), at, ...(fact ? { queue: fact } : {}) });
        if (fact) queues.push({ name: fact, at });
      }
    }
  }
  return { apps, tasks, queues, beat, routing, declared, defaultQueue };
}

const BEAT = /^(beat_schedule|CELERY_BEAT_SCHEDULE|CELERYBEAT_SCHEDULE)$/;
const ROUTES = /^(task_routes|CELERY_TASK_ROUTES|CELERY_ROUTES)$/;
const QUEUES = /^(task_queues|CELERY_TASK_QUEUES|CELERY_QUEUES)$/;
const EAGER = /^(task_always_eager|CELERY_TASK_ALWAYS_EAGER|CELERY_ALWAYS_EAGER)$/;
const DEFAULT = /^(task_default_queue|CELERY_TASK_DEFAULT_QUEUE|CELERY_DEFAULT_QUEUE)$/;

/** Queues of a routing table that is written out: `{'a.b': {'queue': 'x'}, 'c.*': 'y'}`. Undefined: it is not. */
function routesIn(
  program: Program,
  module: Module,
  table: Expr,
  env: Environment,
): readonly CeleryFacts['queues'][number][] | undefined {
  const value = program.evaluate(table, module.scope);
  if (value.t !== 'dict') return undefined;
  const out: CeleryFacts['queues'][number][] = [];
  for (const { key, value: route } of value.entries) {
    const to = program.evaluate(route.expr, route.scope);
    const queue =
      to.t === 'dict'
        ? to.entries.find((e) => e.key !== undefined && isText(program.evaluate(e.key.expr, e.key.scope), 'queue'))
            ?.value
        : route;
    const name = queue === undefined ? undefined : textOf(program.evaluate(queue.expr, queue.scope), env);
    if (key === undefined || name?.known !== true) return undefined;
    const { expr } = queue ?? route;
    out.push({ name, at: route.scope.module.place({ from: expr.from, to: expr.to }) });
  }
  return out;
}

function isText(value: Value, text: string): boolean {
  return value.t === 'const' && value.value === text;
}

/** Queues that something sends to but no worker consumes. Unknown where routing is computed or a name is. */
export function unconsumedQueues(
  facts: CeleryFacts,
  consumed: ReadonlySet<string>,
): Fact<readonly { readonly name: string; readonly at: Place }[]> {
  const [routing] = facts.routing;
  if (routing) return unknown(`the routing of tasks: ${routing.text}`, routing);
  const out: { name: string; at: Place }[] = [];
  for (const { name, at } of facts.queues) {
    if (!name.known) return unknown(name.why);
    if (!consumed.has(name.value)) out.push({ name: name.value, at });
  }
  return known(out);
}
