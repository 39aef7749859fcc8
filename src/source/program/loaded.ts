import { atImport } from './demands.ts';
import type { Module } from './module.ts';
import type { Program } from './program.ts';

/** Packages that are loaded when a program starts: imported outside functions, by the file that is run or by one that it loads in
 * the same way. An import whose failure is caught does not count. */
export function loadedPackages(program: Program, entry: Module): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<Module>([entry]);
  const queue = [entry];
  for (let module = queue.shift(); module; module = queue.shift()) {
    for (const name of loadedNames(module)) {
      const found = program.language.resolve(name, module);
      const next = found.r === 'file' ? program.load(found.path) : undefined;
      if (next !== undefined && !seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
      const own = /^((?:@[^/]+\/)?[^/.][^/]*)/.exec(name)?.[1];
      if (found.r !== 'file' && own !== undefined && !name.startsWith('node:')) packages.add(own);
    }
  }
  return packages;
}

function loadedNames(module: Module): readonly string[] {
  const imported = module.imports.filter((site) => atImport(site.scope) && !site.caught).map((site) => site.module);
  const required = module.calls.flatMap(({ call, scope, doubtful, caught }) => {
    const [first] = call.args;
    const plain = call.callee.k === 'name' && call.callee.name === 'require' && first?.value.k === 'const';
    return plain && atImport(scope) && doubtful === undefined && !caught ? [String(first.value.value)] : [];
  });
  return [...imported, ...required];
}
