import type { Reason } from '../../facts/fact.ts';
import type { Expr, Func } from '../program/ir.ts';
import type { CallSite, Module } from '../program/module.ts';
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
        for (const variant of variants(program.evaluate(callee.object, site.scope))) {
          const receiver = unwrap(variant);
          if (receiver.t !== 'instance') continue;
          const fn = decorated.get(site.call);
          const event: Event = { ...site, name: callee.name, module, receiver, ...(fn ? { decorates: fn } : {}) };
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
