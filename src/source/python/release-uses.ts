import type { Place } from '../../text/place.ts';
import { runsAtLoad } from '../program/demands.ts';
import type { ImportSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe } from '../program/value.ts';
import { RELEASES, type Release } from './releases.ts';

/** A place in code that a release in the table breaks while the module is loaded. Plain data: the index of the release. */
export interface ReleaseUse {
  readonly release: number;
  readonly at: Place;
}

/** Uses in the modules that start for certain. */
export function releaseUses(program: Program, entries: readonly Module[]): readonly ReleaseUse[] {
  return program.reach(entries, true).flatMap((module) =>
    RELEASES.flatMap(({ uses }, release): ReleaseUse[] => {
      const at = spanOf(program, module, uses);
      return at === undefined ? [] : [{ release, at: module.place(at) }];
    }),
  );
}

function spanOf(
  program: Program,
  module: Module,
  uses: Release['uses'],
): { readonly from: number; readonly to: number } | undefined {
  if ('module' in uses)
    return module.imports.find(
      (site) =>
        site.module === uses.module &&
        runsAtLoad(site) &&
        (uses.names.length === 0 || site.names.some((name) => uses.names.includes(name))) &&
        program.language.resolve(uses.module, module).r === 'external',
    );
  if ('member' in uses) {
    const last = uses.member.split('.').at(-1);
    return module.members.find(
      (use) =>
        use.expr.k === 'member' &&
        use.expr.name === last &&
        runsAtLoad(use) &&
        describe(program.evaluate(use.expr, use.scope)) === uses.member,
    )?.expr;
  }
  if ('gone' in uses)
    return module.imports.find(
      (site) =>
        runsAtLoad(site) &&
        uses.gone.some((name) => within(site, name)) &&
        program.language.resolve(site.module.split('.')[0] ?? '', module).r === 'external',
    );
  if ('call' in uses)
    return module.calls.find(
      (site) =>
        runsAtLoad(site) &&
        (uses.keyword === undefined || site.call.args.some((arg) => arg.name === uses.keyword)) &&
        !site.call.args.some((arg) => arg.spread > 0 || (arg.name !== undefined && arg.name === uses.without)) &&
        describe(program.evaluate(site.call.callee, site.scope)) === uses.call,
    )?.call;
  return undefined;
}

/** `import a.b.c` and `from a.b import c` both reach for `a.b`; so does `from a import b`. */
function within(site: ImportSite, name: string): boolean {
  if (site.module === name || site.module.startsWith(`${name}.`)) return true;
  const at = name.lastIndexOf('.');
  return site.module === name.slice(0, at) && site.names.includes(name.slice(at + 1));
}
