import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { EntryPoint, EntryStatus } from '../launch/launch.ts';
import type { Module } from '../program/module.ts';
import { Parses } from '../program/parses.ts';
import { Program } from '../program/program.ts';
import { type Environment, NO_ENVIRONMENT, type Value, variants } from '../program/value.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { folderOf, joinPath, type SourceTree } from '../source-tree.ts';
import { asgiApplication } from './asgi-kinds.ts';
import { djangoRoutes } from './django.ts';
import { isDjangoEntry } from './django-settings.ts';
import { asgiRoutes } from './fastapi.ts';
import { flaskApplication, flaskRoutes } from './flask.ts';
import { findModule, type PythonPath, pythonLanguage } from './language.ts';
import { STANDARD } from './standard-modules.ts';

/** One Python program: modules found over one search path. */
export class PythonApplication {
  readonly tree: SourceTree;
  readonly path: PythonPath;
  readonly program: Program;
  /** Import names that installed packages bring, where known; a module of such a name is not missing. */
  readonly installed: ReadonlySet<string>;

  constructor(
    tree: SourceTree,
    path: PythonPath,
    installed: ReadonlySet<string> = new Set(),
    parses: Parses = new Parses(),
  ) {
    this.tree = tree;
    this.path = path;
    this.installed = installed;
    this.program = new Program(tree, pythonLanguage(tree, path), parses);
  }

  /** The module of a dotted name; a known null: it is not there. */
  module(dotted: string): Fact<Module | null> {
    const found = findModule(this.tree, this.path, dotted);
    const top = dotted.split('.')[0] ?? dotted;
    if (found.r !== 'file' && STANDARD.has(top)) return unknown(`${top} is part of Python`);
    switch (found.r) {
      case 'file': {
        const module = this.program.load(found.path);
        return module
          ? known(module, { kind: 'source', at: startOf(module), text: `module ${dotted}` })
          : unknown(`${found.path} cannot be read`);
      }
      case 'unknown':
        return unknown(found.why);
      case 'package':
        return unknown(`${dotted} is a folder without __init__.py`);
      case 'external':
        return this.installed.has(top.toLowerCase()) ? unknown(`${top} may be an installed package`) : known(null);
      case 'missing':
        return this.installed.has(top.toLowerCase()) ? unknown(`${top} may be an installed package`) : known(null);
    }
  }

  /** `pkg.main:app`, `pkg.wsgi`, `app:create_app()`. `attribute` is used where none is written. */
  entry(written: string, attribute: string | undefined, factory = false): EntryPoint {
    const [dotted = '', rest] = written.split(':');
    const call = /^([\w.]+)\s*(\(.*\))?$/s.exec(rest ?? attribute ?? '');
    const name = call?.[1];
    const base = {
      written,
      kind: 'module' as const,
      ...(name === undefined ? {} : { attribute: name }),
      ...(factory || call?.[2] !== undefined ? { factory: true } : {}),
    };
    const module = this.module(dotted);
    if (!module.known) return { ...base, status: module };
    if (module.value === null) {
      return {
        ...base,
        status: known<EntryStatus>({
          found: false,
          missing: 'module',
          text: `there is no module ${dotted} below ${this.path.roots.map((root) => root || '.').join(', ')}`,
          near: this.modulesNear(dotted),
        }),
      };
    }
    return { ...base, file: module.value.path, status: this.attribute(module.value, dotted, name) };
  }

  attribute(module: Module, dotted: string, name: string | undefined): Fact<EntryStatus> {
    if (name === undefined) return known<EntryStatus>({ found: true, at: startOf(module) });
    const first = name.split('.')[0] ?? name;
    const value = this.program.language.member(this.program, module, first);
    // What `from x import *` of an installed package brings is not known.
    if (value && (value.t !== 'external' || module.scope.names.has(first)))
      return known<EntryStatus>({ found: true, at: definitionOf(module, first) ?? startOf(module) });
    if (module.tree.broken !== undefined)
      return unknown(`${module.path} has a syntax error`, {
        kind: 'source',
        at: module.place({ from: module.tree.broken, to: module.tree.broken }),
        text: 'cannot be read from here',
      });
    if (module.scope.names.has('*'))
      return unknown(`${dotted} imports names by *`, { kind: 'source', at: startOf(module), text: `module ${dotted}` });
    if (/\bglobals\(\)|__getattr__|\bexec\(|setattr\(|\bglobal\s/.test(module.text))
      return unknown(`${dotted} makes names at run time`, {
        kind: 'source',
        at: startOf(module),
        text: `module ${dotted}`,
      });
    return known<EntryStatus>(
      {
        found: false,
        missing: 'attribute',
        text: `module ${dotted} has no ${first}`,
        near: [...module.scope.names.keys()].filter((key) => key !== '*').slice(0, 12),
      },
      { kind: 'source', at: startOf(module), text: `module ${dotted} has no ${first}` },
    );
  }

  /** Modules of the same last name anywhere below the roots, at most five. */
  modulesNear(dotted: string): string[] {
    const last = dotted.split('.').at(-1) ?? dotted;
    const out: string[] = [];
    const walk = (folder: string, prefix: string, depth: number) => {
      if (depth > 4 || out.length >= 5) return;
      for (const name of this.tree.names(folder)) {
        if (/^(node_modules|\.|__pycache__|venv|site-packages)/.test(name)) continue;
        if (name === `${last}.py`) out.push(prefix + last);
        else if (!name.includes('.') && this.tree.look(joinPath(folder, name)) === 'directory')
          walk(joinPath(folder, name), `${prefix}${name}.`, depth + 1);
      }
    };
    for (const root of this.path.roots) walk(root, '', 0);
    return [...new Set(out)].slice(0, 5);
  }

  /** The application object of an entry: what the attribute is, or what the factory gives. */
  object(entry: EntryPoint): Value | undefined {
    if (entry.file === undefined || entry.attribute === undefined) return undefined;
    const module = this.program.load(entry.file);
    if (!module) return undefined;
    this.program.reach([module]);
    let value: Value | undefined;
    for (const [index, part] of entry.attribute.split('.').entries()) {
      value =
        index === 0
          ? this.program.language.member(this.program, module, part)
          : value && this.program.member(value, part, { kind: 'source', at: startOf(module), text: part });
    }
    if (!value || !entry.factory) return value;
    const called = variants(value).flatMap((variant): readonly Value[] =>
      variant.t === 'func'
        ? (variant.scope.module.returns.get(variant.fn) ?? []).flatMap((use) =>
            variants(this.program.evaluate(use.expr, use.scope)),
          )
        : [variant],
    );
    return called.length === 1 ? called[0] : { t: 'union', of: called };
  }

  /** What the application of an entry serves. */
  routes(entry: EntryPoint, env: Environment = NO_ENVIRONMENT): Fact<RouteTable> {
    if (!entry.status.known) return entry.status;
    if (!entry.status.value.found) return unknown(entry.status.value.text);
    const module = entry.file === undefined ? undefined : this.program.load(entry.file);
    if (module && isDjangoEntry(module)) return djangoRoutes(this, module, env);
    const value = this.object(entry);
    if (!value || !module) return unknown('the application object was not found');
    return this.routesOf(value, module, env);
  }

  routesOf(value: Value, module: Module, env: Environment): Fact<RouteTable> {
    const modules = this.program.reach([module]);
    const blind = dynamicImport(modules);
    const tables: RouteTable[] = [];
    const others: Value[] = [];
    for (const variant of variants(value)) {
      const asgi = asgiApplication(this.program, variant);
      const flask = asgi ? undefined : flaskApplication(this.program, variant);
      if (asgi) tables.push(asgiRoutes(this.program, asgi, modules, env, blind));
      else if (flask) tables.push(flaskRoutes(this.program, flask, modules, env, blind));
      else others.push(variant);
    }
    const [table] = tables;
    if (!table || tables.length > 1)
      return unknown(tables.length > 1 ? 'several applications may be meant' : 'the web framework is not known', {
        kind: 'source',
        at: startOf(module),
        text: 'the module that is served',
      });
    if (others.length > 0)
      return unknown('the application is wrapped in something that is not known', {
        kind: 'source',
        at: table.at,
        text: 'the application inside',
      });
    return known(table, { kind: 'source', at: table.at, text: `the ${table.framework} application` });
  }
}

function dynamicImport(modules: readonly Module[]) {
  for (const module of modules) {
    for (const { call } of module.calls) {
      const name = call.callee.k === 'name' || call.callee.k === 'member' ? call.callee.name : '';
      if (!/^(import_module|__import__|import_string|find_modules|iter_modules|walk_packages)$/.test(name)) continue;
      if (call.args[0]?.value.k === 'const') continue;
      return {
        kind: 'source' as const,
        at: module.place(call),
        text: 'modules are imported by computed names, which may add routes',
      };
    }
  }
  return undefined;
}

export function startOf(module: Module): Place {
  return module.place({ from: 0, to: 0 });
}

function definitionOf(module: Module, name: string): Place | undefined {
  const binding = module.scope.names.get(name)?.[0];
  if (!binding) return undefined;
  if (binding.b === 'value' || binding.b === 'part') return module.place(binding.expr);
  if (binding.b === 'func') return module.place({ from: binding.fn.from, to: binding.fn.from });
  if (binding.b === 'class') return module.place({ from: binding.cls.from, to: binding.cls.from });
  return binding.b === 'import' ? module.place({ from: binding.from, to: binding.from }) : undefined;
}

/** Search paths for a process started in a folder: `python file` begins at the file's folder, everything else at the folder it is started in. */
export function searchPath(cwd: string, pythonPath: string | undefined, scriptFile?: string): PythonPath {
  const first = scriptFile === undefined ? cwd : folderOf(scriptFile);
  const more = (pythonPath ?? '')
    .split(':')
    .filter((part) => part !== '')
    .map((part) => joinPath(cwd, part));
  return { roots: [...new Set([first, ...more])] };
}
