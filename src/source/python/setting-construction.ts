import { runsAtLoad } from '../program/demands.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';

/** Where an object of a settings class is made for certain while these modules are loaded: at module level, or in a function
 * (`get_settings`) that is called there. Undefined: nowhere that is known. */
export function madeAtStart(
  program: Program,
  owner: Extract<Value, { t: 'class' }>,
  reached: ReadonlySet<Module>,
): CallSite | undefined {
  const runs = (site: CallSite) => reached.has(site.scope.module) && runsAtLoad(site);
  return program.callers.calls(owner.cls.name ?? '').find((site) => {
    const value = program.evaluate(site.call.callee, site.scope);
    if (value.t !== 'class' || value.cls !== owner.cls || site.call.args.some((arg) => arg.spread > 0)) return false;
    if (runs(site)) return true;
    const { fn, parent } = site.scope;
    if (fn?.name === undefined || parent?.fn !== undefined || parent?.cls !== undefined) return false;
    if (site.caught || site.doubtful !== undefined) return false;
    return program.callers.callsOf(fn, site.scope).some(runs);
  });
}
