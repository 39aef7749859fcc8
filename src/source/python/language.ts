import type { Expr } from '../program/ir.ts';
import type { Language, Resolution } from '../program/language.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Closure, Value } from '../program/value.ts';
import { folderOf, joinPath, type SourceTree } from '../source-tree.ts';
import { parsePython } from './parse.ts';
import { settingsField } from './settings.ts';

/** Where Python looks for modules: folders of the tree, in order, as `sys.path` would have them. */
export interface PythonPath {
  readonly roots: readonly string[];
}

/** Finds a dotted module below the roots. A folder without `__init__.py` is a namespace package. */
export function findModule(tree: SourceTree, path: PythonPath, dotted: string): Resolution {
  const parts = dotted.split('.').filter((part) => part !== '');
  let namespace: Resolution | undefined;
  let broken: Resolution | undefined;
  for (const root of path.roots) {
    const top = parts[0] ?? '';
    const first = lookIn(tree, root, top);
    if (first === undefined) continue;
    if (first === 'unknown') return { r: 'unknown', why: `whether ${joinPath(root, top)} exists is not known` };
    if (parts.length === 1 && first.r === 'file') return first;
    let folder = joinPath(root, top);
    let found: Resolution = first;
    for (const part of parts.slice(1)) {
      const next: ReturnType<typeof lookIn> =
        found.r === 'file' && !found.path.endsWith('__init__.py') ? undefined : lookIn(tree, folder, part);
      if (next === 'unknown') return { r: 'unknown', why: `whether ${joinPath(folder, part)} exists is not known` };
      if (next === undefined) {
        found = { r: 'missing', why: `there is no ${joinPath(folder, part)}` };
        break;
      }
      found = next;
      folder = joinPath(folder, part);
    }
    if (found.r === 'file') return found;
    if (found.r === 'missing') broken ??= found;
    else namespace ??= found;
    // A regular package shadows later roots; a namespace package goes on in them.
    if (first.r === 'file') return broken ?? found;
  }
  return namespace ?? broken ?? { r: 'external', name: dotted };
}

function lookIn(
  tree: SourceTree,
  folder: string,
  name: string,
): Extract<Resolution, { r: 'file' | 'package' }> | 'unknown' | undefined {
  const base = joinPath(folder, name);
  const look = tree.look(base);
  if (look === 'directory') {
    const init = tree.look(`${base}/__init__.py`);
    if (init === 'file') return { r: 'file', path: `${base}/__init__.py` };
    // A folder of data beside a module of the same name: the module wins over a namespace package.
    if (tree.look(`${base}.py`) === 'file') return { r: 'file', path: `${base}.py` };
    return init === 'unknown' ? 'unknown' : { r: 'package', path: base };
  }
  const file = tree.look(`${base}.py`);
  if (file === 'file') return { r: 'file', path: `${base}.py` };
  return file === 'unknown' || look === 'unknown' ? 'unknown' : undefined;
}

const PASSES = new Set([
  'int',
  'str',
  'float',
  'bool',
  'pathlib.Path',
  'Path',
  'typing.cast',
  '.strip',
  '.rstrip',
  '.lower',
  '.upper',
  '.resolve',
  '.absolute',
  '.as_posix',
  'starlette.datastructures.Secret',
  'functools.lru_cache',
  'asgiref.wsgi.WsgiToAsgi',
]);
const READS = new Set([
  'os.getenv',
  'os.environ.get',
  'os.environ.pop',
  'os.environ.setdefault',
  'decouple.config',
  'decouple.AutoConfig()',
  'decouple.Config()',
  'environ.Env()',
  'environs.Env()',
  'starlette.config.Config()',
  'dotenv.get_key',
]);
const METHODS = /^(environ\.Env|environs\.Env|environ\.FileAwareEnv)\(\)\.(?!read_env|prefixed)\w+$/;

/** The Python language over one search path. */
export function pythonLanguage(tree: SourceTree, path: PythonPath): Language {
  // Programs ask for the same few hundred names again and again, and a tree may have to search for each answer.
  const resolved = new Map<string, Resolution>();
  const resolve = (dotted: string, from: Module): Resolution => {
    const key = dotted.startsWith('.') ? `${folderOf(from.path)} ${dotted}` : dotted;
    const found = resolved.get(key) ?? find(dotted, folderOf(from.path));
    resolved.set(key, found);
    return found;
  };
  const find = (dotted: string, start: string): Resolution => {
    const dots = /^\.+/.exec(dotted)?.[0].length ?? 0;
    if (dots === 0) return findModule(tree, path, dotted);
    let folder = start;
    for (let level = 1; level < dots; level++) folder = folderOf(folder);
    const rest = dotted
      .slice(dots)
      .split('.')
      .filter((part) => part !== '');
    if (rest.length === 0)
      return tree.look(joinPath(folder, '__init__.py')) === 'file'
        ? { r: 'file', path: joinPath(folder, '__init__.py') }
        : { r: 'package', path: folder };
    const found = findModule(tree, { roots: [folder] }, rest.join('.'));
    return found.r === 'external' ? { r: 'missing', why: `there is no ${joinPath(folder, rest.join('/'))}.py` } : found;
  };
  const looked = new Map<string, ReturnType<typeof lookIn>>();
  const packageMember = (program: Program, folder: string, name: string): Value | undefined => {
    const key = joinPath(folder, name);
    const found = looked.has(key) ? looked.get(key) : lookIn(tree, folder, name);
    looked.set(key, found);
    if (found === undefined) return undefined;
    if (found === 'unknown') return { t: 'unknown', why: `whether ${joinPath(folder, name)} exists is not known` };
    if (found.r === 'package') return { t: 'package', path: found.path };
    const module = program.load(found.path);
    return module ? { t: 'module', module } : { t: 'unknown', why: `${found.path} cannot be read` };
  };
  return {
    self: { constructorName: '__init__', shift: 1 },
    parse: parsePython,
    resolve,
    packageMember,
    member(program, module, name) {
      if (name === '*') return { t: 'module', module };
      const own = module.scope.names.get(name);
      if (own) return program.bindings(own, module.scope);
      for (const star of module.scope.names.get('*') ?? []) {
        if (star.b !== 'import') continue;
        const value = program.importValue(star.module, name, module);
        if (value.t !== 'unknown') return value;
      }
      return module.path.endsWith('__init__.py') ? packageMember(program, folderOf(module.path), name) : undefined;
    },
    global: (name, module) => (name === '__file__' ? { t: 'const', value: module.path } : { t: 'external', name }),
    attribute(program, object, name, at) {
      if (
        object.t === 'external' &&
        object.name === 'os.environ' &&
        !/^(get|pop|setdefault|keys|values|items|copy|update)$/.test(name)
      )
        return { t: 'env', name, ignoreCase: false, from: at };
      if (object.t === 'instance' || object.t === 'class') return settingsField(program, object, name);
      return undefined;
    },
    call(program, callee, site) {
      if (READS.has(callee) || METHODS.test(callee)) return environmentCall(program, site, callee);
      const first = site.expr.args.find((arg) => arg.spread === 0)?.value;
      if (callee.startsWith('.') && PASSES.has(callee) && site.expr.callee.k === 'member')
        return program.evaluate(site.expr.callee.object, site.scope);
      if (PASSES.has(callee) && first) return program.evaluate(first, site.scope);
      if (callee === 'functools.partial' && first) return program.evaluate(first, site.scope);
      if (callee === 'os.path.join' || callee === 'posixpath.join')
        return {
          t: 'joined',
          parts: site.expr.args.flatMap((arg, index) =>
            index === 0
              ? [program.evaluate(arg.value, site.scope)]
              : [{ t: 'const' as const, value: '/' }, program.evaluate(arg.value, site.scope)],
          ),
        };
      return undefined;
    },
  };
}

function environmentCall(
  program: Program,
  site: Closure & { readonly expr: Extract<Expr, { k: 'call' }> },
  callee: string,
): Value {
  const { args } = site.expr;
  const positional = args.filter((arg) => arg.name === undefined);
  const name = positional[0] ? program.evaluate(positional[0].value, site.scope) : undefined;
  const at = program.reason(site.scope, site.expr, `${callee} reads the environment`);
  if (name?.t !== 'const' || typeof name.value !== 'string')
    return { t: 'unknown', why: 'a variable with a computed name', from: at };
  const second =
    callee.startsWith('os.') || callee.startsWith('environs')
      ? positional[1]
      : callee.startsWith('environ.Env()') && callee !== 'environ.Env()'
        ? positional[1]
        : undefined;
  const fallback = args.find((arg) => arg.name === 'default') ?? second;
  if (fallback)
    return {
      t: 'env',
      name: name.value,
      ignoreCase: false,
      fallback: program.evaluate(fallback.value, site.scope),
      from: at,
    };
  return { t: 'env', name: name.value, ignoreCase: false, from: at };
}
