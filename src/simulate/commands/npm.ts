import { change } from '../change.ts';
import {
  type Arg,
  type Call,
  type CommandModel,
  type Failure,
  failed,
  type Outcome,
  succeeded,
} from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import {
  fileFailure,
  fillModules,
  nearestWith,
  noneOf,
  notWritable,
  omitsDev,
  readManifest,
  runScript,
  runWithTools,
  scriptMissing,
} from './node-project.ts';
import { lockedBins } from './npm-lock.ts';
import { knownTexts, word } from './options.ts';
import { denied, kindAt, ownerOf } from './paths.ts';

const INSTALL = /^(install|i|in|ins|inst|add|isntall)$/;
const CLEAN = /^(ci|clean-install|ic|install-clean)$/;
const RUN = /^(run|run-script|rum|urn)$/;
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json'];
/** Options that take a value as the next word. */
const VALUED =
  /^(--prefix|-C|--workspace|-w|--registry|--omit|--include|--only|--loglevel|--cache|--fetch-\w+(-\w+)*|--maxsockets|--userconfig|--network-timeout|--script-shell|--location)$/;

interface Line {
  readonly verb: string;
  readonly flags: readonly string[];
  readonly names: readonly string[];
  /** After `--`. */
  readonly after: readonly string[];
}

/** Splits an npm-like command line into verb, options and other words. */
export function splitLine(words: readonly string[], valued = VALUED): Line {
  const flags: string[] = [];
  const names: string[] = [];
  let after: readonly string[] = [];
  for (let i = 0; i < words.length; i++) {
    const text = words[i] ?? '';
    if (text === '--') {
      after = words.slice(i + 1);
      break;
    }
    if (!text.startsWith('-')) names.push(text);
    else {
      flags.push(text);
      if (valued.test(text)) flags.push(words[++i] ?? '');
    }
  }
  return { verb: names[0] ?? '', flags, names: names.slice(1), after };
}

/** The value of an option written as `--x y` or `--x=y`. */
export function flagValue(flags: readonly string[], ...spellings: readonly string[]): string | undefined {
  for (const [i, flag] of flags.entries()) {
    for (const spelling of spellings) {
      if (flag === spelling) return flags[i + 1];
      if (flag.startsWith(`${spelling}=`)) return flag.slice(spelling.length + 1);
    }
  }
  return undefined;
}

/** npm. */
export const npm: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words) return softInstall(call, state, call.argv.slice(1));
  const line = splitLine(words);
  const prefix = flagValue(line.flags, '--prefix', '-C');
  const folder =
    prefix === undefined
      ? call.cwd
      : call.cwd.known
        ? { ...call.cwd, value: joinPath(call.cwd.value, prefix) }
        : call.cwd;
  const global =
    line.flags.some((flag) => /^(-g|--global)(=true)?$/.test(flag)) || flagValue(line.flags, '--location') === 'global';
  if (global) return globalInstall(call, state, line);
  if (!folder.known) return undefined;
  const at = folder.value;
  if (CLEAN.test(line.verb)) return cleanInstall(call, state, line, at);
  if (INSTALL.test(line.verb)) return install(call, state, line, at);
  if (RUN.test(line.verb) || /^(start|test|t|tst|stop|restart)$/.test(line.verb))
    return runOne(call, state, world, line, at);
  if (/^(exec|x)$/.test(line.verb)) {
    const tool = [...line.names, ...line.after];
    return tool.length === 0 ? undefined : runWithTools(call, state, world, at, tool.map(quote).join(' '));
  }
  switch (line.verb) {
    case 'prune': {
      const result = change(state, call.reason);
      const omit = omitsDev(call, line.flags, 'npm');
      const bins = omit ? lockedBins(state, joinPath(at, 'package-lock.json'), true)?.get('') : undefined;
      if (kindAt(state, joinPath(at, 'node_modules')) === 'absent') return succeeded(state);
      fillModules(result, call, at, bins, bins !== undefined);
      return succeeded(result.state, ['removes packages that are not needed']);
    }
    case 'rebuild':
    case 'dedupe':
    case 'audit':
    case 'update':
    case 'uninstall':
    case 'link': {
      const result = change(state, call.reason);
      fillModules(result, call, at, undefined, false);
      return succeeded(result.state, [`npm ${line.verb}`]);
    }
    case 'cache':
    case 'config':
    case 'set':
    case 'version':
    case 'view':
    case 'ls':
    case 'list':
    case 'ping':
    case 'root':
    case '':
      return succeeded(state, []);
    case 'pkg':
      return succeeded(change(state, call.reason).write(joinPath(at, 'package.json')).state, ['edits package.json']);
    default:
      return undefined;
  }
};

export function quote(text: string): string {
  return /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** Some word is not known (`npm install -g pnpm@$VERSION`): what is sure of an install all the same. */
function softInstall(call: Call, state: ImageState, args: readonly Arg[]): Outcome | undefined {
  const verb = word(args[0]) ?? '';
  const global = args.some((arg) => /^(-g|--global)$/.test(word(arg) ?? ''));
  if (!INSTALL.test(verb) && !CLEAN.test(verb)) return undefined;
  if (!global) {
    if (!call.cwd.known) return undefined;
    const result = change(state, call.reason);
    fillModules(result, call, call.cwd.value, undefined, false);
    return succeeded(result.state, ['installs packages']);
  }
  const names = args
    .slice(1)
    .map((arg) => /^["']?((?:@[\w.-]+\/)?[\w.-]+)@/.exec(arg.text)?.[1] ?? word(arg))
    .filter((name) => name !== undefined && !name.startsWith('-'));
  return globalInstall(call, state, { verb, flags: [], names: names.filter((name) => name !== undefined), after: [] });
}

/** Tools of packages that are often installed globally. */
const GLOBAL: Readonly<Record<string, readonly string[]>> = {
  typescript: ['tsc', 'tsserver'],
  '@angular/cli': ['ng'],
  '@nestjs/cli': ['nest'],
  pnpm: ['pnpm', 'pnpx'],
  yarn: ['yarn', 'yarnpkg'],
  npm: ['npm', 'npx'],
  pm2: ['pm2', 'pm2-runtime', 'pm2-dev', 'pm2-docker'],
  corepack: ['corepack', 'yarn', 'pnpm', 'yarnpkg', 'pnpx'],
  'http-server': ['http-server', 'hs'],
  bun: ['bun', 'bunx'],
};

function globalInstall(call: Call, state: ImageState, line: Line): Outcome | undefined {
  if (!INSTALL.test(line.verb))
    return /^(uninstall|rm|remove|un|r|config|root|list|ls|cache|update|prefix|bin)$/.test(line.verb)
      ? softGlobal(call, state, line)
      : undefined;
  const result = change(state, call.reason);
  const prefix = prefixOf(call, state, line);
  if (prefix === undefined) {
    for (const name of line.names) for (const tool of toolsOf(name)) result.addCommand(tool);
    return succeeded(result.state, [`installs ${line.names.join(', ')}`]);
  }
  const modules = joinPath(prefix, 'lib/node_modules');
  const refused = denied(call, state, `${modules}/x`, 'npm install -g');
  result.fill(modules, 'npm installs packages in it', ownerOf(call));
  const bin = joinPath(prefix, 'bin');
  for (const name of line.names) {
    // Packages name their tools as they like: others may come.
    if (!GLOBAL[plain(name)]) {
      result.open(bin, `npm install -g ${name} may put tools there`);
      forgetNodeTools(result);
    }
    for (const tool of toolsOf(name))
      result.write(joinPath(bin, tool), { ...ownerOf(call), mode: 0o755, noFollow: true, replace: true });
    result.addPackage({ manager: 'npm', name: plain(name), prefix: modules });
  }
  if (refused) return failed(state, [{ ...refused, says: 'EACCES' }], { code: 243, repaired: result.state });
  return succeeded(result.state, [`installs ${line.names.join(', ')} in ${modules}`]);
}

const NODE_TOOLS =
  /^(yarn|pnpm|corepack|bun|deno|tsx|ts-node|nodemon|pm2|next|nuxt|vite|nest|tsc|serve|http-server|concurrently|prisma|sequelize|knex)$/;

/** A package may bring tools under other names than its own: the base's word that such a tool is missing holds no more. */
function forgetNodeTools(result: ReturnType<typeof change>): void {
  const table = result.state.baseCommands;
  if (!table) return;
  result.set({
    baseCommands: { ...table, commands: new Map([...table.commands].filter(([name]) => !NODE_TOOLS.test(name))) },
  });
}

function softGlobal(call: Call, state: ImageState, line: Line): Outcome {
  if (!/^(uninstall|rm|remove|un|r)$/.test(line.verb)) return succeeded(state, []);
  const result = change(state, call.reason);
  for (const name of line.names) for (const tool of toolsOf(name)) result.remove(`/usr/local/bin/${tool}`);
  return succeeded(result.state, [`removes ${line.names.join(', ')}`]);
}

const plain = (name: string): string => name.replace(/(?<=.)@[^/@]*$/, '');

function toolsOf(name: string): readonly string[] {
  const own = plain(name);
  return GLOBAL[own] ?? (/^[./]|:|\.tgz$/.test(name) ? [] : [own.replace(/^@[^/]*\//, '')]);
}

/** The global prefix: NPM_CONFIG_PREFIX, else /usr/local where node is there, else not known. */
function prefixOf(call: Call, state: ImageState, line: Line): string | undefined {
  const flag = flagValue(line.flags, '--prefix');
  if (flag !== undefined) return flag.startsWith('/') ? flag : undefined;
  for (const name of ['NPM_CONFIG_PREFIX', 'npm_config_prefix']) {
    const value = call.env.get(name);
    if (value) return value.known ? value.value : undefined;
  }
  return kindAt(state, '/usr/local/bin/node') === 'file' ? '/usr/local' : undefined;
}

function lockFailure(call: Call, state: ImageState, at: string): Failure | undefined {
  const path = noneOf(state, at, LOCKS);
  // Without an own lock file npm may use that of a workspace root above.
  if (path === undefined || nearestWith(state, at, LOCKS) !== null) {
    const above = nearestWith(state, at, LOCKS);
    if (path === undefined || above === undefined) return undefined;
    const root = above === null ? undefined : readManifest(state, above);
    if (root === 'unknown' || (typeof root === 'object' && root.workspaces)) return undefined;
  }
  if (path === undefined) return undefined;
  return fileFailure(
    call,
    state,
    'lockfile-missing',
    path,
    `npm ci stops: there is no package-lock.json in ${at}`,
    'can only install with an existing package-lock.json',
  );
}

/** npm calls a project without a name after its folder; the root folder has none, and npm stops. With a name in package.json
 * it works (both measured with Node 18, 20 and 22 on 2026-11-21). */
function rootFailure(call: Call, state: ImageState, at: string): Failure | undefined {
  const manifest = at === '/' ? readManifest(state, at) : 'unknown';
  if (manifest === 'unknown' || (manifest !== 'absent' && manifest.name !== undefined)) return undefined;
  return {
    kind: 'workdir-is-root',
    at: call.at,
    subject: '/',
    text: 'npm stops in the root folder: no WORKDIR is set, and package.json has no name',
    because: [...call.cwd.because, ...state.tree.lookup('/package.json').because, call.reason],
    says: 'idealTree',
    detail: {},
  };
}

function cleanInstall(call: Call, state: ImageState, line: Line, at: string): Outcome {
  const result = change(state, call.reason);
  const omit = omitsDev(call, line.flags, 'npm');
  const bins = omit === undefined ? undefined : lockedBins(state, joinPath(at, 'package-lock.json'), omit);
  const workspace = line.flags.some((flag) => /^(-w|--workspace|--workspaces|-ws)(=|$)/.test(flag));
  fillModules(result, call, at, workspace ? undefined : bins?.get(''), true);
  if (!workspace)
    for (const [folder, tools] of bins ?? [])
      if (folder !== '') fillModules(result, call, joinPath(at, folder), tools, true);
  const missing = lockFailure(call, state, at) ?? rootFailure(call, state, at);
  const failures = missing ? [missing] : notWritable(call, state, at);
  const effects = [`installs node_modules in ${at}${omit ? ', without development dependencies' : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
}

function install(call: Call, state: ImageState, line: Line, at: string): Outcome {
  const result = change(state, call.reason);
  const omit = omitsDev(call, line.flags, 'npm');
  const failures: Failure[] = [];
  const named = line.names.length > 0;
  const nameless = rootFailure(call, state, at);
  if (nameless) {
    failures.push(nameless);
  } else if (
    !named &&
    readManifest(state, at) === 'absent' &&
    nearestWith(state, at, ['package.json', ...LOCKS]) === null
  ) {
    const path = joinPath(at, 'package.json');
    failures.push(
      fileFailure(
        call,
        state,
        'manifest-missing',
        path,
        `npm install stops: there is no package.json in ${at}`,
        'Could not read package.json',
      ),
    );
  } else failures.push(...notWritable(call, state, at));
  const locked = !named && omit !== undefined ? lockedBins(state, joinPath(at, 'package-lock.json'), omit) : undefined;
  // An install follows a lock file that fits its manifest; when it does not, more may come: nothing is closed.
  const fresh = kindAt(state, joinPath(at, 'node_modules')) === 'absent';
  const manifest = readManifest(state, at);
  const sure = fresh && omit === true && typeof manifest === 'object' && locked !== undefined;
  fillModules(result, call, at, sure ? locked.get('') : undefined, false);
  if (!line.flags.includes('--no-package-lock') && !line.flags.includes('--no-save')) {
    result.write(joinPath(at, 'package-lock.json'), ownerOf(call));
    if (named) result.write(joinPath(at, 'package.json'), ownerOf(call));
  }
  const effects = [
    `installs ${named ? line.names.join(', ') : 'node_modules'} in ${at}${omit ? ', without development dependencies' : ''}`,
  ];
  return failures.length > 0
    ? failed(state, failures, { code: 254, repaired: result.state, effects })
    : succeeded(result.state, effects);
}

function runOne(
  call: Call,
  state: ImageState,
  world: Parameters<CommandModel>[2],
  line: Line,
  at: string,
): Outcome | undefined {
  const name = RUN.test(line.verb)
    ? line.names[0]
    : (({ t: 'test', tst: 'test' } as Record<string, string>)[line.verb] ?? line.verb);
  if (name === undefined || line.flags.some((flag) => /^(-w|--workspace|--workspaces|-ws)(=|$)/.test(flag)))
    return undefined;
  const manifest = readManifest(state, at);
  if (manifest === 'unknown') return undefined;
  if (manifest === 'absent') {
    if (nearestWith(state, at, ['package.json']) !== null) return undefined;
    const path = joinPath(at, 'package.json');
    return failed(
      state,
      [
        fileFailure(
          call,
          state,
          'manifest-missing',
          path,
          `npm run stops: there is no package.json in ${at}`,
          'Could not read package.json',
        ),
      ],
      { code: 254, repaired: state },
    );
  }
  if (!manifest.scripts.has(name)) {
    if (line.flags.includes('--if-present')) return succeeded(state, []);
    if (name === 'start' && kindAt(state, joinPath(at, 'server.js')) !== 'absent') return undefined;
    return scriptMissing(call, state, at, name, `Missing script: "${name}"`);
  }
  const more = line.after.length > 0 ? ` ${line.after.map(quote).join(' ')}` : '';
  return runScript(call, state, world, at, manifest, name, more);
}
