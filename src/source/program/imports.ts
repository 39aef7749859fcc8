import { runsAtLoad } from './demands.ts';
import type { Expr } from './ir.ts';
import type { Module } from './module.ts';
import type { Program } from './program.ts';

/** Which modules a module loads, read once for each. */
export class Imports {
  readonly program: Program;
  readonly #imports = new Map<Module, readonly Module[]>();
  readonly #atStart = new Map<Module, readonly Module[]>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Everything that imports reach from some files, in the order of discovery; those files first. `atStart`: only what is loaded
   * for certain while they load: not inside functions and conditions, nor where a failure is caught. */
  reach(entries: readonly Module[], atStart = false): Module[] {
    const seen = new Set<Module>(entries);
    const queue = [...entries];
    for (let module = queue.shift(); module; module = queue.shift()) {
      for (const next of this.importsOf(module, atStart)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return [...seen];
  }

  /** The modules that loading one module also loads, as far as they are in the tree. */
  importsOf(module: Module, atStart = false): readonly Module[] {
    const kept = atStart ? this.#atStart : this.#imports;
    let out = kept.get(module);
    if (!out) {
      out = this.readImports(module, atStart);
      kept.set(module, out);
    }
    return out;
  }

  readImports(module: Module, atStart: boolean): Module[] {
    const out: Module[] = [];
    for (const site of module.imports) {
      if (atStart && !runsAtLoad(site)) continue;
      for (const value of this.importedModules(site.module, site.names, module)) out.push(value);
    }
    for (const site of module.calls) {
      const { call, scope } = site;
      if (call.callee.k !== 'name' || call.callee.name !== 'require' || (atStart && !runsAtLoad(site))) continue;
      const value = this.program.evaluate(call, scope);
      if (value.t === 'module') out.push(value.module);
      else for (const path of this.requiredFile(call.args[0]?.value, module)) out.push(path);
    }
    return out;
  }

  requiredFile(arg: Expr | undefined, module: Module): Module[] {
    if (arg?.k !== 'const' || typeof arg.value !== 'string') return [];
    return this.importedModules(arg.value, [], module);
  }

  importedModules(name: string, names: readonly string[], from: Module): Module[] {
    const out: Module[] = [];
    const found = this.program.language.resolve(name, from);
    const folder =
      found.r === 'package'
        ? found.path
        : found.r === 'file' && /\/?__init__\.py$/.test(found.path)
          ? found.path.replace(/\/?__init__\.py$/, '')
          : undefined;
    if (found.r === 'file') {
      const module = this.program.load(found.path);
      if (module) out.push(module);
    }
    if (folder !== undefined) {
      for (const name of names) {
        const value = this.program.language.packageMember(this.program, folder, name);
        if (value?.t === 'module') out.push(value.module);
      }
    }
    return out;
  }
}
