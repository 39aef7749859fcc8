import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { folderAbove, nodeOf } from '../launch/node-programs.ts';
import { runsAtLoad } from '../program/demands.ts';
import type { Tree } from '../program/ir.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { ProcessSource } from '../source.ts';
import { unlessTooDeep } from '../too-deep.ts';
import { isBuiltin } from './builtin-modules.ts';

/** A package without which the process ends while it loads its code. */
export interface NeededPackage {
  readonly name: string;
  /** The import. */
  readonly at: Place;
  /** Written in TypeScript. */
  readonly typed: boolean;
  /** It is no package: `paths` or `baseUrl` of tsconfig.json lead to this file, which Node does not ask. `name` is as written. */
  readonly file?: string;
}

/** Packages that code imports for certain while it loads. TypeScript drops imports of which only types are used: those whose names no
 * expression mentions do not count, nor what lies behind them. */
export function neededPackages(source: ProcessSource): Fact<readonly NeededPackage[]> {
  const { entry, language, program } = source.launch;
  if (language !== 'node' || entry?.file === undefined || entry.kind === 'script')
    return unknown(`what ${program} loads is not known`);
  const { file } = entry;
  const found = unlessTooDeep(() => {
    const code = nodeOf(source.context, folderAbove(file, source.context)).program;
    const module = code.load(file);
    return module === undefined ? undefined : needed(code, module);
  });
  return found === undefined ? unknown(`${file} cannot be read`) : known(found);
}

function needed(program: Program, entry: Module): readonly NeededPackage[] {
  const out = new Map<string, NeededPackage>();
  const seen = new Set([entry]);
  const queue = [entry];
  for (let module = queue.shift(); module; module = queue.shift()) {
    for (const { name, at } of loaded(module)) {
      const found = program.language.resolve(name, module);
      const next = found.r === 'file' ? program.load(found.path) : undefined;
      if (next !== undefined && !seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
      if (found.r === 'file' && isTyped(module) && /^[@~\w]/.test(name) && !out.has(name))
        out.set(name, { name, at, typed: true, file: found.path });
      const own = /^(?:@[\w.-]+\/[\w.-]+|[a-zA-Z][\w.-]*)(?=\/|$)/.exec(name)?.[0];
      if (found.r !== 'external' || own === undefined || name.includes(':') || isBuiltin(name) || out.has(own))
        continue;
      out.set(own, { name: own, at, typed: isTyped(module) });
    }
  }
  return [...out.values()];
}

const isTyped = (module: Module): boolean => /\.[mc]?tsx?$/.test(module.path);

function loaded(module: Module): readonly { readonly name: string; readonly at: Place }[] {
  const used = isTyped(module) ? valueNames(module.tree) : undefined;
  const imported = module.imports.filter((site) => {
    if (!runsAtLoad(site)) return false;
    if (used === undefined) return true;
    if (site.reexport || site.all) return false;
    const locals = localNames(module, site.module);
    return locals.length === 0 ? site.names.length === 0 : locals.some((local) => used.has(local));
  });
  const required = module.calls.filter(runsAtLoad).flatMap(({ call }) => {
    const [first] = call.args;
    const plain = call.callee.k === 'name' && call.callee.name === 'require' && first?.value.k === 'const';
    return plain && typeof first.value.value === 'string' ? [{ name: first.value.value, at: module.place(call) }] : [];
  });
  return [...imported.map((site) => ({ name: site.module, at: module.place(site) })), ...required];
}

function localNames(module: Module, from: string): readonly string[] {
  return [...module.scope.names].flatMap(([local, bindings]) =>
    bindings.some((binding) => binding.b === 'import' && binding.module === from) ? [local] : [],
  );
}

const VALUES = new WeakMap<Tree, ReadonlySet<string>>();

/** Names that expressions mention; names in types are not among them. */
function valueNames(tree: Tree): ReadonlySet<string> {
  const kept = VALUES.get(tree);
  if (kept) return kept;
  const out = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    else if (typeof node === 'object' && node !== null) {
      if ('k' in node && node.k === 'name' && 'name' in node && typeof node.name === 'string') out.add(node.name);
      if ('k' in node && node.k === 'import') return;
      for (const [key, value] of Object.entries(node)) if (key !== 'annotation') visit(value);
    }
  };
  visit(tree.body);
  VALUES.set(tree, out);
  return out;
}
