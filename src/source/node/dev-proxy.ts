import type { Fact } from '../../facts/fact.ts';
import { linePlace, type Place } from '../../text/place.ts';
import type { LaunchContext } from '../launch/context.ts';
import { entryOf } from '../program/entry-of.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, textOf, type Value, variants } from '../program/value.ts';
import { joinPath } from '../source-tree.ts';

/** A path that a server for pages hands on to another address. */
export interface DevProxy {
  readonly target: Fact<string>;
  readonly at: Place;
  /** `server.proxy of vite.config.js`. */
  readonly text: string;
}

/** What a configuration of Vite says of its servers; the host is a text, true or absent. */
export interface ViteServers {
  setting(server: 'server' | 'preview', name: 'host' | 'port'): Value | undefined;
  readonly proxies: readonly DevProxy[];
}

const NAMES = ['ts', 'js', 'mjs', 'mts', 'cjs', 'cts'];

/** The configuration in a folder: `none` without a file, undefined when it is not an object that can be read. */
export function viteServers(program: Program, context: LaunchContext): ViteServers | 'none' | undefined {
  const found = configIn(program, context, 'vite.config');
  if (found === undefined) return 'none';
  const { file, value } = found;
  if (value?.t !== 'dict' || !value.entries.every(({ key }) => key?.expr.k === 'const')) return undefined;
  const part = (of: Value, name: string): Value | undefined => entryOf(program, of, name);
  const groups = new Map(['server', 'preview'].map((name) => [name, part(value, name)]));
  if ([...groups.values()].some((group) => group !== undefined && !isPlain(group))) return undefined;
  const server = groups.get('server');
  const proxy = server && part(server, 'proxy');
  const setting: ViteServers['setting'] = (name, key) => {
    const group = groups.get(name);
    const own = group && part(group, key);
    // A preview listens where the development server would.
    return own === undefined && name === 'preview' && key === 'host' ? setting('server', 'host') : own;
  };
  return { setting, proxies: proxy === undefined ? [] : proxiesOf(program, context, proxy, file) };
}

const isPlain = (value: Value): boolean =>
  value.t === 'dict' && value.entries.every(({ key }) => key?.expr.k === 'const');

function proxiesOf(program: Program, context: LaunchContext, proxy: Value, file: string): readonly DevProxy[] {
  if (proxy.t !== 'dict') return [];
  return proxy.entries.flatMap(({ value }): readonly DevProxy[] => {
    const given = program.evaluate(value.expr, value.scope);
    const at = value.scope.module.place(value.expr);
    const target = given.t === 'dict' ? entryOf(program, given, 'target') : given;
    if (target === undefined) return [];
    return [{ target: textOf(target, context.env), at, text: `the proxy in ${file.slice(file.lastIndexOf('/') + 1)}` }];
  });
}

/** The object that a configuration file exports: plain, in `defineConfig(…)`, or returned by the one function in it. */
function configIn(
  program: Program,
  context: LaunchContext,
  stem: string,
): { readonly file: string; readonly value: Value | undefined } | undefined {
  const file = NAMES.map((ending) => joinPath(context.cwd, `${stem}.${ending}`)).find(
    (path) => context.tree.look(path) !== 'absent',
  );
  if (file === undefined) return undefined;
  const module = program.load(file);
  return { file, value: module && exportedObject(program, module) };
}

function exportedObject(program: Program, module: Module): Value | undefined {
  let value: Value | undefined = program.language.member(program, module, 'default');
  for (let step = 0; step < 4 && value !== undefined && value.t !== 'dict'; step++) {
    if (value.t === 'instance' && /(^|\.)defineConfig$/.test(describe(value.made) ?? '')) {
      const [first] = value.call.args;
      value = first && program.evaluate(first.value, value.scope);
    } else if (value.t === 'func') {
      const returns = value.scope.module.returns.get(value.fn) ?? [];
      value = returns.length === 1 && returns[0] ? program.evaluate(returns[0].expr, returns[0].scope) : undefined;
    } else return undefined;
  }
  return value;
}

/** `proxy` of package.json, which the development server of Create React App reads. */
export function packageProxy(context: LaunchContext): readonly DevProxy[] {
  const file = joinPath(context.cwd, 'package.json');
  const text = context.tree.text(file) ?? '';
  const match = /^\s*"proxy"\s*:\s*"([^"]+)"/m.exec(text);
  if (match === null) return [];
  const line = text.slice(0, match.index + (match[0].length - match[0].trimStart().length)).split('\n').length;
  const at = linePlace(context.tree.origin(file), line);
  return [
    { target: textOf({ t: 'const', value: match[1] ?? '' }, context.env), at, text: 'the proxy in package.json' },
  ];
}

/** Destinations of `rewrites` in next.config, as far as they are plain texts: what is computed is decided when it is built. */
export function nextRewrites(program: Program, context: LaunchContext): readonly DevProxy[] {
  const file = NAMES.map((ending) => joinPath(context.cwd, `next.config.${ending}`)).find(
    (path) => context.tree.look(path) === 'file',
  );
  const module = file === undefined ? undefined : program.load(file);
  if (file === undefined || module === undefined || !/\brewrites\b/.test(module.text)) return [];
  const out: DevProxy[] = [];
  for (const [fn, scope] of module.functions) {
    if (fn.name !== 'rewrites' && !isRewrites(module, fn)) continue;
    for (const use of module.returns.get(fn) ?? [])
      for (const list of lists(program, program.evaluate(use.expr, use.scope)))
        for (const item of list.items) {
          const value = program.evaluate(item.expr, item.scope);
          const at = module.place(item.expr);
          const to =
            value.t === 'dict'
              ? program.member(value, 'destination', { kind: 'source', at, text: 'rewrite' })
              : undefined;
          if (to?.t === 'const' && scope)
            out.push({
              target: textOf(to, context.env),
              at,
              text: `the rewrite in ${file.slice(file.lastIndexOf('/') + 1)}`,
            });
        }
  }
  return out;
}

function isRewrites(module: Module, fn: { readonly from: number }): boolean {
  return /\brewrites\s*[:=]\s*(?:async\s*)?$/.test(module.text.slice(Math.max(0, fn.from - 30), fn.from));
}

function lists(program: Program, value: Value): readonly Extract<Value, { t: 'list' }>[] {
  return variants(value).flatMap((one) =>
    one.t === 'list'
      ? [one]
      : one.t === 'dict'
        ? one.entries.flatMap(({ value: entry }) => lists(program, program.evaluate(entry.expr, entry.scope)))
        : [],
  );
}
