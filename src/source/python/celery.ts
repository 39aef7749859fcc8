import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, variableOf } from '../program/value.ts';
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
  /** `task_routes` and the like are set: queues may be others. */
  readonly routing: readonly Reason[];
}

/** Reads Celery apps, tasks, queues and schedules. */
export function celeryFacts(program: Program, modules: readonly Module[], env: Environment): CeleryFacts {
  const apps: CeleryFacts['apps'][number][] = [];
  const tasks: CeleryFacts['tasks'][number][] = [];
  const queues: CeleryFacts['queues'][number][] = [];
  const beat: Reason[] = [];
  const routing: Reason[] = [];
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
      for (const arg of call.args) if (arg.name !== undefined) setting(module, arg.name, arg.value, beat, routing);
    }
    for (const { target, value } of module.stores)
      if (target.k === 'member') setting(module, target.name, value, beat, routing);
    for (const [name, bindings] of module.scope.names)
      for (const binding of bindings) if (binding.b === 'value') setting(module, name, binding.expr, beat, routing);
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
  return { apps, tasks, queues, beat, routing };
}

function setting(
  module: Module,
  name: string,
  value: { readonly k: string; readonly from: number; readonly to: number; readonly entries?: readonly unknown[] },
  beat: Reason[],
  routing: Reason[],
): void {
  const at = module.place({ from: value.from, to: Math.min(value.to, value.from + 80) });
  if (
    /^(beat_schedule|CELERY_BEAT_SCHEDULE|CELERYBEAT_SCHEDULE)$/.test(name) &&
    !(value.k === 'dict' && value.entries?.length === 0)
  )
    beat.push({ kind: 'source', at, text: 'a schedule' });
  if (
    /^(task_routes|CELERY_TASK_ROUTES|CELERY_ROUTES|task_default_queue|CELERY_TASK_DEFAULT_QUEUE|task_queues|CELERY_TASK_QUEUES)$/.test(
      name,
    )
  )
    routing.push({ kind: 'source', at, text: `${name} is set` });
}

/** Queues that something sends to but no worker consumes. Unknown where routing is configured or a name is computed. */
export function unconsumedQueues(
  facts: CeleryFacts,
  consumed: ReadonlySet<string>,
): Fact<readonly { readonly name: string; readonly at: Place }[]> {
  const [routing] = facts.routing;
  if (routing) return unknown('routing of tasks is configured', routing);
  const out: { name: string; at: Place }[] = [];
  for (const { name, at } of facts.queues) {
    if (!name.known) return unknown(name.why);
    if (!consumed.has(name.value)) out.push({ name: name.value, at });
  }
  return known(out);
}
