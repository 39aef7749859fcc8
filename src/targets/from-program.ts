import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import type { Repo } from '../repo/repo.ts';
import { parseScript } from '../source/node/parse.ts';
import type { Arg, Expr, Func, Stmt } from '../source/program/ir.ts';
import { parsePython } from '../source/python/parse.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { type Collector, collectCommands, collectInvocation, type Origin } from './command-requests.ts';
import { asText, evaluate, Names, wordsOf } from './program-values.ts';
import { type CallSite, type ModuleScope, ProgramWalk } from './program-walk.ts';
import { isFixture } from './purpose.ts';
import { UNKNOWN_PART } from './shell-words.ts';

const PROGRAM = /\.(?:[cm]?[jt]s|py)$/;
/** Folders of applications, where nobody looks for a release script … */
const APPLICATION =
  /(?:^|\/)(?:src|app|apps|lib|packages|components|pages|server|client|frontend|backend|public|static|dist|docs?|migrations|locales?|node_modules|__tests__|vendor)\//;
/** … but for those named after one. */
const TOOLING = /(?:^|\/)(?:scripts?|tools?|tooling|release|build|ci|deploy|ops|tasks?|extra|bin|hack|docker)\/[^/]+$/;
const MAX_BYTES = 200_000;
const ENGINE = /^(?:docker|podman|nerdctl|buildah|depot|docker-compose)$/;
/** What takes a command line as a text. */
const RUNS =
  /^(?:exec|execSync|execAsync|execPromise|execa|execaSync|execaCommand|execaCommandSync|spawn|spawnSync|command|cmd|sh|shell|run|runSync|run_command|run_cmd|runCommand|system|popen|Popen|call|check_call|check_output|getoutput|local|\$|zx|bash)$/;

interface Module {
  readonly file: string;
  readonly body: readonly Stmt[];
  readonly scope: ModuleScope;
  readonly lines: LineIndex;
}

/** Builds that release scripts in JavaScript, TypeScript and Python start. Only files with the words `docker` and `build` are parsed. */
export function collectPrograms(collector: Collector, paths: readonly string[]): void {
  const modules = new Map<string, Module>();
  for (const file of paths) {
    const found = readModule(collector.repo, file);
    if (found !== undefined) modules.set(file, found);
  }
  if (modules.size === 0) return;
  for (const module of modules.values()) declare(module, modules);
  const walk = new ProgramWalk((site) => collectCall(collector, modules, site));
  for (const { body, scope } of modules.values()) walk.module(body, scope);
  const functions = [...modules.values()].flatMap((module) => functionsOf(module.body).map((fn) => ({ fn, module })));
  const called = new Set([...modules.values()].flatMap((module) => [...callNames(module.body)]));
  // First those that nothing calls: they may call the others.
  for (const round of [false, true])
    for (const { fn, module } of functions)
      if (!walk.wasEntered(fn) && (round || fn.name === undefined || !called.has(fn.name)))
        walk.alone(fn, module.scope);
}

function readModule(repo: Repo, file: string): Module | undefined {
  if (!PROGRAM.test(file) || isFixture(file) || /\.(?:test|spec|min|d)\.\w+$/.test(file)) return undefined;
  if (APPLICATION.test(file) && !TOOLING.test(file)) return undefined;
  const entry = repo.entry(file);
  if (entry?.type !== 'file' || entry.size > MAX_BYTES) return undefined;
  const text = repo.text(file);
  if (text === undefined || !/docker|podman/i.test(text) || !/build|compose/.test(text)) return undefined;
  const { body } = file.endsWith('.py') ? parsePython(text) : parseScript(text, file);
  return { file, body, scope: { file, names: new Names() }, lines: new LineIndex(text) };
}

/** Declares the module's functions and those it imports from other modules that were read. */
function declare(module: Module, modules: ReadonlyMap<string, Module>): void {
  const { names } = module.scope;
  for (const fn of topFunctions(module.body)) names.own.set(fn.name, { kind: 'function', fn: fn.fn, scope: names });
  for (const statement of module.body) {
    if (statement.k !== 'import') continue;
    const from = importedModule(module.file, statement.module, modules);
    if (from === undefined) continue;
    const there = topFunctions(from.body);
    for (const { name, local } of statement.names) {
      const found = there.find((item) => item.name === name);
      if (found !== undefined) names.own.set(local, { kind: 'function', fn: found.fn, scope: from.scope.names });
    }
  }
}

function importedModule(file: string, said: string, modules: ReadonlyMap<string, Module>): Module | undefined {
  const python = file.endsWith('.py');
  const path = python ? said.replace(/^\.+/, '').replaceAll('.', '/') : said;
  if (!python && !said.startsWith('.')) return undefined;
  const base = joinRepoPath(folderOf(file), path);
  if (base === undefined) return undefined;
  const stem = base.replace(/\.[cm]?js$/, '');
  const endings = python ? ['.py'] : ['', '.mjs', '.js', '.cjs', '.ts', '.mts', '/index.js', '/index.ts'];
  return modules.get(base) ?? endings.map((ending) => modules.get(stem + ending)).find((found) => found !== undefined);
}

function topFunctions(body: readonly Stmt[]): readonly { readonly name: string; readonly fn: Func }[] {
  return body.flatMap((statement) => {
    if (statement.k === 'def')
      return statement.fn.name === undefined ? [] : [{ name: statement.fn.name, fn: statement.fn }];
    if (statement.k !== 'assign' || statement.value?.k !== 'func') return [];
    const fn = statement.value.fn;
    return statement.targets.flatMap((target) => (target.t === 'name' ? [{ name: target.name, fn }] : []));
  });
}

/** Functions of a module and methods of its classes. */
function functionsOf(body: readonly Stmt[]): readonly Func[] {
  const methods = body.flatMap((statement) => (statement.k === 'class' ? functionsOf(statement.cls.body) : []));
  return [...topFunctions(body).map((item) => item.fn), ...methods];
}

/** Names of everything that is called somewhere. */
function callNames(node: unknown, into = new Set<string>(), depth = 0): Set<string> {
  if (typeof node !== 'object' || node === null || depth > 60) return into;
  if ('k' in node && node.k === 'call' && 'callee' in node) {
    const { callee } = node as Extract<Expr, { k: 'call' }>;
    if (callee.k === 'name' || callee.k === 'member') into.add(callee.name);
  }
  for (const inner of Array.isArray(node) ? node : Object.values(node)) callNames(inner, into, depth + 1);
  return into;
}

function collectCall(collector: Collector, modules: ReadonlyMap<string, Module>, site: CallSite): void {
  const [first, second] = site.args;
  if (first === undefined) return;
  // The call with the literal words says more than the function that runs them.
  const shown = site.from ?? site;
  const lines = modules.get(shown.file)?.lines;
  const own = folderOf(site.file);
  const place: Place = lines?.place(shown.file, { start: shown.offset, end: shown.offset }) ?? {
    file: shown.file,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
  };
  const folder = workingFolder(site);
  const origin: Origin = {
    source: 'script',
    name: shown.file,
    placeOf: () => place,
    folders: own === '' ? [''] : ['', own],
    ownFolder: own,
  };
  const value = evaluate(first.value, site.names);
  const words =
    value?.kind === 'list'
      ? value.words
      : value?.kind === 'text' && ENGINE.test(value.text) && second !== undefined
        ? [value.text, ...rest(site, second)]
        : undefined;
  if (words !== undefined) {
    if (!ENGINE.test(words[0]?.split('/').pop() ?? '') && words[0] !== 'sudo') return;
    const known = words.map((word) => (word.includes(UNKNOWN_PART) ? undefined : word));
    collectInvocation(collector, origin, { words: known, patterns: words, folder, variables: new Map(), offset: 0 });
  } else if (value?.kind === 'text' && RUNS.test(site.callee)) {
    const text = value.text.replaceAll(UNKNOWN_PART, '$' + '{_UNKNOWN}');
    const lead = folder === undefined ? 'cd "$_UNKNOWN"\n' : folder === '' ? '' : `cd '${folder}'\n`;
    collectCommands(collector, { ...origin, text: lead + text });
  }
}

/** `spawn('docker', ['build', …])`, `run('docker', 'build', …)` */
function rest(site: CallSite, second: Arg): readonly string[] {
  const value = evaluate(second.value, site.names);
  if (value?.kind === 'list') return value.words;
  if (value === undefined && site.args.length <= 3) return [UNKNOWN_PART];
  return site.args
    .slice(1)
    .filter((arg) => arg.name === undefined && arg.value.k !== 'dict' && arg.value.k !== 'func')
    .flatMap((arg) => wordsOf(arg.value, site.names));
}

/** The folder that `cwd` gives, `` without one; undefined when it is not known. */
function workingFolder(site: CallSite): string | undefined {
  const given =
    site.args.find((arg) => arg.name === 'cwd')?.value ??
    site.args.flatMap((arg) => (arg.value.k === 'dict' ? arg.value.entries : [])).find((entry) => isCwd(entry.key))
      ?.value;
  if (given === undefined) return '';
  const text = asText(evaluate(given, site.names));
  return text.includes(UNKNOWN_PART) || text.startsWith('/') ? undefined : text;
}

function isCwd(key: Expr | undefined): boolean {
  return key !== undefined && ((key.k === 'const' && key.value === 'cwd') || (key.k === 'name' && key.name === 'cwd'));
}
