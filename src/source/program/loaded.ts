import { runsAtLoad } from './demands.ts';
import type { Module } from './module.ts';
import type { Program } from './program.ts';

/** Packages that are loaded when a program starts: imported outside functions and conditions, by the file that is run or by one
 * that it loads in the same way. */
export function loadedPackages(program: Program, entry: Module): ReadonlySet<string> {
  const packages = new Set<string>();
  for (const module of program.reach([entry], true)) {
    for (const name of loadedNames(module)) {
      // `os.path` of Python belongs to `os`; names of npm may hold dots.
      const python = module.path.endsWith('.py');
      const own = (python ? /^(\w+)/ : /^((?:@[^/]+\/)?[^/.][^/]*)/).exec(name)?.[1];
      if (own === undefined || name.startsWith('node:')) continue;
      if (program.language.resolve(name, module).r !== 'file') packages.add(own);
    }
  }
  return packages;
}

function loadedNames(module: Module): readonly string[] {
  const required = module.calls.filter(runsAtLoad).flatMap(({ call }) => {
    const [first] = call.args;
    const plain = call.callee.k === 'name' && call.callee.name === 'require' && first?.value.k === 'const';
    return plain ? [String(first.value.value)] : [];
  });
  return [...module.imports.filter(runsAtLoad).map((site) => site.module), ...required];
}
