import type { Language, Resolution } from '../program/language.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { folderOf, joinPath, type SourceTree } from '../source-tree.ts';
import { nestConfigCall, nestConfigParameter, nestConfigTyped } from './nest-config.ts';
import { parseScript } from './parse.ts';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** Names that stand for folders: `paths` of tsconfig.json, `imports` of package.json, workspace packages. */
export interface Alias {
  /** With at most one `*`. */
  readonly pattern: string;
  readonly targets: readonly string[];
}

/** Finds a file as Node, TypeScript and bundlers do between them: extensions, `.js` written for `.ts`, index files. */
export function findScript(tree: SourceTree, path: string): Resolution {
  const exact = tree.look(path);
  if (exact === 'file') return { r: 'file', path };
  const swapped = /\.([mc]?)jsx?$/.exec(path);
  if (swapped)
    for (const ext of [`.${swapped[1] ?? ''}ts`, '.tsx'])
      if (tree.look(path.replace(/\.[mc]?jsx?$/, ext)) === 'file')
        return { r: 'file', path: path.replace(/\.[mc]?jsx?$/, ext) };
  for (const ext of EXTENSIONS) if (tree.look(path + ext) === 'file') return { r: 'file', path: path + ext };
  if (exact === 'directory') {
    for (const ext of EXTENSIONS)
      if (tree.look(`${path}/index${ext}`) === 'file') return { r: 'file', path: `${path}/index${ext}` };
    const main = mainOf(tree.text(`${path}/package.json`));
    if (main !== undefined) return findScript(tree, joinPath(path, main));
  }
  return exact === 'unknown'
    ? { r: 'unknown', why: `whether ${path} exists is not known` }
    : { r: 'missing', why: `there is no ${path}` };
}

function mainOf(text: string | undefined): string | undefined {
  const found = text === undefined ? null : /"main"\s*:\s*"([^"]+)"/.exec(text);
  return found?.[1];
}

/** JavaScript and TypeScript with some aliases. */
export function nodeLanguage(tree: SourceTree, aliases: readonly Alias[] = []): Language {
  const resolved = new Map<string, Resolution>();
  const resolve = (name: string, from: Module): Resolution => {
    const key = name.startsWith('.') ? `./${joinPath(folderOf(from.path), name)}` : name;
    const found = resolved.get(key) ?? find(key);
    resolved.set(key, found);
    return found;
  };
  const find = (name: string): Resolution => {
    if (name.startsWith('./')) return findScript(tree, name.slice(2));
    if (name.startsWith('/')) return findScript(tree, name);
    for (const alias of aliases) {
      const star = alias.pattern.indexOf('*');
      const [head, tail] =
        star < 0 ? [alias.pattern, ''] : [alias.pattern.slice(0, star), alias.pattern.slice(star + 1)];
      if (
        star < 0
          ? name !== head
          : !(name.startsWith(head) && name.endsWith(tail) && name.length >= head.length + tail.length)
      )
        continue;
      const middle = star < 0 ? '' : name.slice(head.length, name.length - tail.length);
      for (const target of alias.targets) {
        const found = findScript(
          tree,
          target.replace('*', () => middle),
        );
        if (found.r === 'file') return found;
      }
    }
    return { r: 'external', name: name.replace(/^node:/, '') };
  };
  const commonExports = (program: Program, module: Module): Value | undefined => {
    const whole = module.stores.find(({ target }) => isModuleExports(target));
    return whole ? program.evaluate(whole.value, whole.scope) : undefined;
  };
  const member = (program: Program, module: Module, name: string): Value | undefined => {
    if (module.path.endsWith('.json'))
      return name === '*' || name === 'default' ? { t: 'unknown', why: 'a JSON file' } : undefined;
    const own = module.exported.get(name);
    if (own?.expr) return program.evaluate(own.expr, module.scope);
    if (own?.module !== undefined) return program.importValue(own.module, own.local ?? '*', module);
    if (own?.local !== undefined) {
      const bindings = module.scope.names.get(own.local);
      if (bindings) return program.bindings(bindings, module.scope);
    }
    const store = module.stores.find(
      ({ target }) =>
        target.k === 'member' &&
        target.name === name &&
        (isModuleExports(target.object) || (target.object.k === 'name' && target.object.name === 'exports')),
    );
    if (store) return program.evaluate(store.value, store.scope);
    const common = commonExports(program, module);
    if (name === '*') return common ?? { t: 'module', module };
    if (common && name === 'default') return common;
    if (common)
      return program.member(common, name, {
        kind: 'source',
        at: module.place({ from: 0, to: 0 }),
        text: `${name} of ${module.path}`,
      });
    for (const spec of module.exportAll) {
      const value = program.importValue(spec, name, module);
      if (value.t !== 'unknown') return value;
    }
    return undefined;
  };
  return {
    self: { name: 'this', constructorName: 'constructor', shift: 0 },
    parse: (text, path) => (path.endsWith('.json') ? { body: [] } : parseScript(text, path)),
    resolve,
    member,
    packageMember: () => undefined,
    global: (name) => (name === 'undefined' ? { t: 'const', value: null } : { t: 'external', name }),
    attribute(_program, object, name, at) {
      if (object.t === 'external' && /^(process\.env|import\.meta\.env|Bun\.env|Deno\.env)$/.test(object.name))
        return { t: 'env', name, ignoreCase: false, from: at };
      if (object.t === 'external' && name === 'default') return object;
      return nestConfigTyped(object, name);
    },
    typed: nestConfigParameter,
    call(program, callee, site) {
      const first = site.expr.args[0];
      if (callee === 'require' || callee === 'createRequire()') {
        if (first?.value.k === 'const' && typeof first.value.value === 'string')
          return program.importValue(first.value.value, '*', site.scope.module);
        return { t: 'unknown', why: 'required by a computed name' };
      }
      if (
        /^(Number|String|parseInt|parseFloat|Number\.parseInt|Number\.parseFloat|Object\.freeze|Promise\.resolve)$/.test(
          callee,
        ) &&
        first
      )
        return program.evaluate(first.value, site.scope);
      if (/^\.(trim|toString|toLowerCase)$/.test(callee) && site.expr.callee.k === 'member')
        return program.evaluate(site.expr.callee.object, site.scope);
      if (/^(path\.)(join|resolve|posix\.join)$/.test(callee))
        return {
          t: 'joined',
          parts: site.expr.args.flatMap((arg, index) =>
            index === 0
              ? [program.evaluate(arg.value, site.scope)]
              : [{ t: 'const' as const, value: '/' }, program.evaluate(arg.value, site.scope)],
          ),
        };
      return callee.startsWith('@nestjs/') ? nestConfigCall(program, callee, site) : undefined;
    },
  };
}

function isModuleExports(target: Parameters<Program['evaluate']>[0]): boolean {
  return (
    target.k === 'member' && target.name === 'exports' && target.object.k === 'name' && target.object.name === 'module'
  );
}
