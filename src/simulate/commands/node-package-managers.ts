import { change } from '../change.ts';
import {
  type Call,
  type CommandModel,
  type Failure,
  failed,
  type Outcome,
  succeeded,
  type World,
} from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { withLifecycle } from './lifecycle.ts';
import { lockHost } from './lock-host.ts';
import { staleLock } from './lock-stale.ts';
import { fileFailure, fillModules, nearestWith, noneOf, notWritable, omitsDev, readManifest } from './node-project.ts';
import { runScript, runWithTools, scriptMissing } from './node-scripts.ts';
import { workspacesOf } from './node-workspaces.ts';
import { flagValue, quote, splitLine } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { type PackageManager, MANAGERS as RULES, VALUED } from './package-manager-words.ts';
import { kindAt, ownerOf, textAt } from './paths.ts';
import { inWorkspace, runFiltered } from './workspace-runs.ts';

function manage(manager: PackageManager): CommandModel {
  return (call, state, world) => {
    const words = knownTexts(call.argv.slice(1));
    if (!words) return undefined;
    const line = splitLine(words, VALUED);
    const into = flagValue(line.flags, '--dir', '-C', '--cwd', '--prefix');
    if (!call.cwd.known) return undefined;
    const at = into === undefined ? call.cwd.value : joinPath(call.cwd.value, into);
    const rules = RULES[manager];
    if (line.flags.some((flag) => /^(--version|-v|--help|-h)$/.test(flag)) && line.verb === '') return succeeded(state);
    // What follows the name of a tool or script belongs to it: `pnpm turbo build --filter=web`.
    const own =
      rules.builtins.test(line.verb) || line.verb === 'run' ? words : words.slice(0, words.indexOf(line.verb));
    const filtered = (rules.install.test(line.verb) ? line.flags : own).some((flag) =>
      /^(--filter|-F|-r|--recursive|-w|--workspace-root|--workspace)(=|$)/.test(flag),
    );
    if (rules.install.test(line.verb)) {
      const installed = install(call, state, manager, line.flags, at, filtered);
      // Yarn 2 and bun run other scripts, or none.
      const known = manager === 'pnpm' || (manager === 'yarn' && isBerry(state, at) === false);
      if (installed === undefined || filtered || !known) return installed;
      const production = omitsDev(call, line.flags, manager) !== false;
      return withLifecycle(call, installed, world, at, line.flags, !production);
    }
    if (line.verb === 'run' || line.verb === 'run-script' || !rules.builtins.test(line.verb)) {
      const name = /^run(-script)?$/.test(line.verb) ? line.names[0] : line.verb;
      const words = /^run(-script)?$/.test(line.verb) ? line.names.slice(1) : line.names;
      if (name === undefined) return undefined;
      if (filtered) return manager === 'pnpm' ? runFiltered(call, state, world, at, name, line.flags) : undefined;
      return run(call, state, world, manager, at, name === 'exec' ? undefined : name, [
        ...words,
        ...passedFlags(line.flags, manager),
        ...line.after,
      ]);
    }
    if (manager === 'yarn' && line.verb === 'workspace') return inWorkspace(call, state, world, at, line.names);
    return other(call, state, manager, line.verb, line.names, line.flags, at);
  };
}

/** Options after a script's name go to the script; those before it are the manager's own, which are few. */
function passedFlags(flags: readonly string[], manager: PackageManager): readonly string[] {
  return manager === 'bun' ? [] : flags.filter((flag) => !/^(--if-present|--silent|-s|--frozen-lockfile)$/.test(flag));
}

function isBerry(state: ImageState, at: string): boolean | undefined {
  const manifest = readManifest(state, at);
  const version = typeof manifest === 'object' ? /^yarn@(\d+)/.exec(manifest.packageManager ?? '')?.[1] : undefined;
  if (version !== undefined) return Number(version) >= 2;
  const config = kindAt(state, joinPath(at, '.yarnrc.yml'));
  if (config === 'file') return true;
  return config === 'absent' && manifest !== 'unknown' ? false : undefined;
}

function install(
  call: Call,
  state: ImageState,
  manager: PackageManager,
  flags: readonly string[],
  at: string,
  filtered: boolean,
): Outcome | undefined {
  const { lock } = RULES[manager];
  const omit = omitsDev(call, flags, manager);
  const frozen = flags.some((flag) => /^--(frozen-lockfile|immutable)(=true)?$/.test(flag));
  const berry = manager === 'yarn' ? isBerry(state, at) : false;
  const failures: Failure[] = [];
  const missing = noneOf(state, at, lock);
  const above = missing === undefined ? at : nearestWith(state, at, lock);
  const markers =
    manager === 'pnpm' ? ['package.json', 'package.yaml', 'package.json5', 'pnpm-workspace.yaml'] : ['package.json'];
  if (noneOf(state, at, markers) !== undefined && nearestWith(state, at, markers) === null && manager !== 'yarn') {
    const path = joinPath(at, 'package.json');
    const says = manager === 'pnpm' ? 'No package.json' : 'package.json';
    failures.push(
      fileFailure(
        call,
        state,
        'manifest-missing',
        path,
        `${manager} install stops: there is no package.json in ${at}`,
        says,
      ),
    );
  } else if (frozen && missing !== undefined && above === null) {
    const text = `${manager} install stops: there is no ${lock[0]} in ${at}, and it was told not to make one`;
    // Yarn 1 and bun go on without a lock file even when it is frozen.
    if (manager === 'pnpm')
      failures.push(fileFailure(call, state, 'lockfile-missing', missing, text, 'pnpm-lock.yaml is absent'));
    else if (manager === 'yarn' && berry === true)
      failures.push(fileFailure(call, state, 'lockfile-missing', missing, text, 'lockfile would have been'));
  } else {
    const kind = manager === 'yarn' && berry === true ? 'berry' : manager;
    const stale =
      frozen && !filtered && kind !== 'bun' && berry !== undefined ? staleLock(call, state, at, kind) : undefined;
    const lost = stale ?? (kind === 'yarn' && !filtered ? lockHost(call, state, at, 'yarn', omit, flags) : undefined);
    failures.push(...(lost ? [lost] : notWritable(call, state, at)));
  }
  const result = change(state, call.reason);
  const pnp =
    berry !== false &&
    manager === 'yarn' &&
    !/nodeLinker:\s*['"]?(node-modules|pnpm)/.test(textAt(state, joinPath(at, '.yarnrc.yml')) ?? '');
  fillModules(result, call, at, undefined, false);
  if (manager === 'yarn' && berry !== false) {
    result.fill(joinPath(at, '.yarn'), 'yarn keeps its cache and state in it', ownerOf(call));
    if (pnp) result.write(joinPath(at, '.pnp.cjs'), ownerOf(call));
  }
  const workspaces =
    manager === 'pnpm' ? kindAt(state, joinPath(at, 'pnpm-workspace.yaml')) !== 'absent' : readManifest(state, at);
  if (
    filtered ||
    workspaces === true ||
    workspaces === 'unknown' ||
    (typeof workspaces === 'object' && workspaces.workspaces)
  ) {
    // Each workspace may get a node_modules of its own.
    const packages = workspacesOf(state, at);
    if (packages === undefined)
      result.fill(at, `${manager} installs node_modules in the workspaces below`, ownerOf(call));
    else for (const { folder } of packages) fillModules(result, call, folder, undefined, false);
  }
  if (!frozen) result.write(joinPath(at, lock[0] ?? ''), ownerOf(call));
  const effects = [`installs node_modules in ${at}${omit ? ', without development dependencies' : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
}

function run(
  call: Call,
  state: ImageState,
  world: World,
  manager: PackageManager,
  at: string,
  name: string | undefined,
  words: readonly string[],
): Outcome | undefined {
  if (name === undefined) {
    return words.length === 0 ? undefined : runWithTools(call, state, world, at, words.map(quote).join(' '));
  }
  const manifest = readManifest(state, at);
  if (manifest === 'unknown') return undefined;
  const more = words.length > 0 ? ` ${words.map(quote).join(' ')}` : '';
  if (manifest !== 'absent' && manifest.scripts.has(name))
    return runScript(call, state, world, at, manifest, name, more);
  if (name.includes('/') || /\.[cm]?[jt]sx?$/.test(name) || name === 'exec') return undefined;
  // A tool of node_modules may be called by its name.
  const tool = kindAt(state, joinPath(at, `node_modules/.bin/${name}`), false);
  if (tool === 'absent' && manifest !== 'absent' && nearestWith(state, at, ['package.json']) === at) {
    const says = manager === 'pnpm' ? name : manager === 'yarn' ? name : 'Script not found';
    const path = state.command(name);
    if (!path.known || path.value !== 'absent') return undefined;
    return scriptMissing(call, state, at, name, says);
  }
  return runWithTools(
    call,
    state,
    world,
    at,
    `${quote(name)}${more}`,
    typeof manifest === 'object' ? manifest : undefined,
  );
}

function other(
  call: Call,
  state: ImageState,
  manager: PackageManager,
  verb: string,
  names: readonly string[],
  flags: readonly string[],
  at: string,
): Outcome | undefined {
  const result = change(state, call.reason);
  const global = verb === 'global' || flags.some((flag) => /^(-g|--global)$/.test(flag));
  if (global) {
    for (const name of verb === 'global' ? names.slice(1) : names)
      result.addCommand(name.replace(/(?<=.)@[^/@]*$/, '').replace(/^@[^/]*\//, ''));
    const home = call.env.get(manager === 'pnpm' ? 'PNPM_HOME' : 'BUN_INSTALL');
    result.fill(home?.known ? home.value : '/usr/local/bin', `${manager} installs tools in it`);
    return succeeded(result.state, [`installs ${names.join(', ')} globally`]);
  }
  if (
    /^(store|config|cache|list|ls|why|root|bin|audit|outdated|info|licenses|set|policies|plugin|import)$/.test(verb)
  ) {
    if (verb === 'set' || verb === 'plugin')
      result.fill(joinPath(at, '.yarn'), 'yarn writes it').write(joinPath(at, '.yarnrc.yml'));
    return succeeded(result.state);
  }
  if (/^(add|remove|rm|update|up|upgrade|prune|rebuild|dedupe|autoclean|fetch|approve-builds|workspaces)$/.test(verb)) {
    fillModules(result, call, at, undefined, false);
    if (verb === 'workspaces') result.fill(at, `${manager} installs in the workspaces below`);
    if (verb === 'add' || verb === 'remove' || verb === 'rm')
      result.write(joinPath(at, 'package.json')).write(joinPath(at, RULES[manager].lock[0] ?? ''));
    return succeeded(result.state, [`${manager} ${verb} ${names.join(' ')}`.trim()]);
  }
  if (verb === 'deploy' && manager === 'pnpm') {
    const target = names.at(-1);
    if (target === undefined) return undefined;
    result.fill(joinPath(at, target), 'pnpm deploy copies a package there', ownerOf(call));
    return succeeded(result.state, [`deploys to ${joinPath(at, target)}`]);
  }
  return undefined;
}

export const pnpm: CommandModel = manage('pnpm');
export const yarn: CommandModel = manage('yarn');
export const bun: CommandModel = manage('bun');
