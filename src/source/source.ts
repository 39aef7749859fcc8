import { type Fact, mapFact, unknown } from '../facts/fact.ts';
import { type AddressLimit, addressLimits } from './address-limits.ts';
import type { EnvReads } from './env-read.ts';
import { KeptProcess } from './kept-process.ts';
import { type LaunchContext, unknownLaunch } from './launch/context.ts';
import type { Launch } from './launch/launch.ts';
import { launchOf } from './launch/launch-of.ts';
import { folderAbove } from './launch/node-programs.ts';
import { devProxies } from './launch/page-servers.ts';
import { Programs } from './launch/programs.ts';
import { pythonOf } from './launch/python-programs.ts';
import { importNames, readPythonManifest } from './manifests/python-manifest.ts';
import type { DevProxy } from './node/dev-proxy.ts';
import { type NeededPackage, neededPackages } from './node/needed-packages.ts';
import { environmentOf, nothingRead } from './process-environment.ts';
import { routesServed } from './process-routes.ts';
import { loadedBy, writtenAtStart } from './process-start.ts';
import { Parses } from './program/parses.ts';
import type { Environment } from './program/value.ts';
import type { AllowedHosts } from './python/allowed-hosts.ts';
import type { CallUse } from './python/call-uses.ts';
import { type DatabaseFile, databaseFiles } from './python/database-files.ts';
import type { DebugSetting } from './python/django-settings.ts';
import type { StaticFiles } from './python/django-static.ts';
import type { PythonNeed } from './python/needs.ts';
import {
  allowedHostsOf,
  callUsesOf,
  debugOf,
  pythonNeedsOf,
  refusalsOf,
  releaseUsesOf,
  staticFilesOf,
} from './python/process.ts';
import type { Refusal } from './python/refusals.ts';
import type { ReleaseUse } from './python/release-uses.ts';
import { makeTable } from './routes/make-table.ts';
import type { RouteData, RouteTable } from './routes/route-table.ts';
import { folderOf, type SourceTree } from './source-tree.ts';
import type { StartWrite } from './start-writes.ts';
import { unlessTooDeep } from './too-deep.ts';

const TOO_DEEP = 'the code is nested too deeply to be followed';

export interface SourceOptions {
  /** Environment of the process; a name that is missing counts as unset. */
  readonly env?: Environment;
  /** Import names (any case) of installed packages. Default: those the manifests in and above `cwd` declare. */
  readonly installed?: ReadonlySet<string>;
  /** Further folders on Python's path (an installed project's `src`). */
  readonly pythonRoots?: readonly string[];
}

/** All that code says about one process: what it starts, where it listens, what it serves and reads. Everything is computed
 * when asked for, once. `parses` may be shared by readers of several trees of one repository. */
export class SourceReader {
  readonly tree: SourceTree;
  readonly #parses: Parses;

  constructor(tree: SourceTree, parses: Parses = new Parses()) {
    this.tree = tree;
    this.#parses = parses;
  }

  /** Import names that manifests in a folder and those above it may bring. */
  declared(cwd: string): ReadonlySet<string> {
    const out = new Set<string>();
    for (let folder = cwd; ; folder = folderOf(folder)) {
      const manifest = readPythonManifest(this.tree, folder);
      if (manifest) for (const name of importNames(manifest)) out.add(name);
      if (folder === '' || folder === '/') return out;
    }
  }

  /** A process of this vector, started in a folder of the tree. */
  process(argv: readonly string[], cwd: string, options: SourceOptions = {}): ProcessSource {
    const installed = new Set([...(options.installed ?? this.declared(cwd))].map((name) => name.toLowerCase()));
    const env = options.env ?? new Map();
    const pythonRoots = options.pythonRoots ?? [];
    const kept = KeptProcess.of(this.tree, [argv, cwd, [...env], [...installed], pythonRoots]);
    const tree = kept?.tree ?? this.tree;
    const programs = new Programs(tree, installed, this.#parses);
    return new ProcessSource(argv, { tree, cwd, env, installed, pythonRoots, programs }, kept);
  }
}

export class ProcessSource {
  readonly context: LaunchContext;
  readonly argv: readonly string[];
  readonly #kept: KeptProcess | undefined;
  #launch: Launch | undefined;
  #routes: Fact<RouteTable> | undefined;
  #environment: EnvReads | undefined;

  constructor(argv: readonly string[], context: LaunchContext, kept?: KeptProcess) {
    this.argv = argv;
    this.context = context;
    this.#kept = kept;
  }

  get launch(): Launch {
    this.#launch ??= this.#once('launch', () => this.readLaunch());
    return this.#launch;
  }

  /** What it serves over HTTP. */
  get routes(): Fact<RouteTable> {
    this.#routes ??= mapFact(
      this.#once('routes', (): Fact<RouteData> => unlessTooDeep(() => routesServed(this)) ?? unknown(TOO_DEEP)),
      makeTable,
    );
    return this.#routes;
  }

  /** Environment variables that the code reached from the entry reads. Empty and open when there is no entry. */
  get environment(): EnvReads {
    this.#environment ??= this.#once(
      'environment',
      () => unlessTooDeep(() => environmentOf(this)) ?? nothingRead(this, TOO_DEEP),
    );
    return this.#environment;
  }

  /** What the code refuses of its environment while it is loaded; Python only. */
  get refusals(): readonly Refusal[] {
    return this.#once('refusals', () => unlessTooDeep(() => refusalsOf(this)) ?? []);
  }

  /** Modules from outside that its start imports for certain; Python only. */
  get pythonNeeds(): readonly PythonNeed[] {
    return this.#once('pythonNeeds', () => unlessTooDeep(() => pythonNeedsOf(this)) ?? []);
  }

  /** Code that later releases of what it imports break while it is loaded; Python only. */
  get releaseUses(): readonly ReleaseUse[] {
    return this.#once('releaseUses', () => unlessTooDeep(() => releaseUsesOf(this)) ?? []);
  }

  /** Static files of Django that nothing in the application hands out. */
  get staticFiles(): Fact<StaticFiles | null> {
    return this.#once('staticFiles', () => unlessTooDeep(() => staticFilesOf(this)) ?? unknown(TOO_DEEP));
  }

  /** Django's DEBUG under its environment; known null: it is no Django. */
  get debug(): Fact<DebugSetting | null> {
    return this.#once('debug', () => unlessTooDeep(() => debugOf(this)) ?? unknown(TOO_DEEP));
  }

  /** Calls of its code that later releases refuse; Python only. */
  get callUses(): readonly CallUse[] {
    return this.#once('callUses', () => unlessTooDeep(() => callUsesOf(this)) ?? []);
  }

  /** Hosts under which it may be asked; known null: under any. Python only. */
  get allowedHosts(): Fact<AllowedHosts | null> {
    return this.#once('allowedHosts', () => unlessTooDeep(() => allowedHostsOf(this)) ?? unknown(TOO_DEEP));
  }

  /** Files in which it keeps databases of its own; Python only. */
  get databaseFiles(): readonly DatabaseFile[] {
    return this.#once('databaseFiles', () => unlessTooDeep(() => databaseFiles(this)) ?? []);
  }

  /** Limits of requests that count each address that connects, where no proxy is believed. */
  get addressLimits(): readonly AddressLimit[] {
    return this.#once('addressLimits', () => unlessTooDeep(() => addressLimits(this)) ?? []);
  }

  /** The folder the last command of the launch runs in (npm scripts and `cd` move it). */
  get folder(): string {
    const file = this.launch.entry?.file;
    return file === undefined ? this.context.cwd : folderAbove(file, this.context) || this.context.cwd;
  }

  /** Packages that are loaded while it starts, by the names they are imported by. */
  get loads(): Fact<ReadonlySet<string>> {
    return mapFact(
      this.#once('loads', () => loadedBy(this)),
      (names) => new Set(names),
    );
  }

  /** Packages of npm without which it ends while it loads its code, with the imports; Node only. */
  get needs(): Fact<readonly NeededPackage[]> {
    return this.#once('needs', () => neededPackages(this));
  }

  /** Addresses that the server of a page hands paths on to; Vite, Create React App and Next.js. */
  get proxies(): readonly DevProxy[] {
    return this.#once('proxies', () => unlessTooDeep(() => devProxies(this.launch, this.context)) ?? []);
  }

  /** A part as an earlier run read it, or read now. Parts are plain data. */
  #once<T>(part: string, read: () => T): T {
    const kept = this.#kept?.recall(part);
    if (kept !== undefined) return kept as T;
    const value = read();
    this.#kept?.keep(part, value);
    return value;
  }

  readLaunch(): Launch {
    const { argv, context } = this;
    return (
      unlessTooDeep(() => launchOf(argv, context)) ?? {
        ...unknownLaunch('unknown', 'other', TOO_DEEP),
        through: [],
        argv,
      }
    );
  }

  /** What it writes while it starts, as far as it is known: the command lines before it and the code that it loads. */
  get startWrites(): readonly StartWrite[] {
    return this.#once('startWrites', () => writtenAtStart(this));
  }

  python() {
    const { entry, argv } = this.launch;
    const folder = entry?.kind === 'file' && entry.file !== undefined && !argv.includes('-m') ? entry.file : undefined;
    return pythonOf(this.context, this.context.cwd, folder);
  }
}
