import { change } from '../change.ts';
import { type Arg, type Call, type CommandModel, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { withLifecycle } from './lifecycle.ts';
import { fileFailure, fillModules, nearestWith, omitsDev, readManifest } from './node-project.ts';
import { runScript, runWithTools, scriptMissing } from './node-scripts.ts';
import { npmGlobalInstall } from './npm-global.ts';
import { npmCleanInstall, npmInstall } from './npm-install.ts';
import { flagValue, type Line, NPM_INSTALL, quote, splitLine } from './npm-line.ts';
import { lockedBins } from './npm-lock.ts';
import { knownTexts, word } from './options.ts';
import { kindAt } from './paths.ts';
import { runInWorkspaces } from './workspace-runs.ts';

const CLEAN = /^(ci|clean-install|ic|install-clean)$/;
const RUN = /^(run|run-script|rum|urn)$/;
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
  if (global) return npmGlobalInstall(call, state, line);
  if (!folder.known) return undefined;
  const at = folder.value;
  const several = line.flags.some((flag) => /^(-w|--workspace|--workspaces|-ws)(=|$)/.test(flag));
  if (CLEAN.test(line.verb)) {
    const installed = npmCleanInstall(call, state, line, at);
    return several ? installed : withLifecycle(call, installed, world, at, line.flags, true);
  }
  if (NPM_INSTALL.test(line.verb)) {
    const installed = npmInstall(call, state, line, at);
    return several || line.names.length > 0 ? installed : withLifecycle(call, installed, world, at, line.flags, true);
  }
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

/** Some word is not known (`npm install -g pnpm@$VERSION`): what is sure of an install all the same. */
function softInstall(call: Call, state: ImageState, args: readonly Arg[]): Outcome | undefined {
  const verb = word(args[0]) ?? '';
  const global = args.some((arg) => /^(-g|--global)$/.test(word(arg) ?? ''));
  if (!NPM_INSTALL.test(verb) && !CLEAN.test(verb)) return undefined;
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
  return npmGlobalInstall(call, state, {
    verb,
    flags: [],
    names: names.filter((name) => name !== undefined),
    after: [],
  });
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
  if (name === undefined) return undefined;
  if (line.flags.some((flag) => /^(-w|--workspace|--workspaces|-ws)(=|$)/.test(flag)))
    return runInWorkspaces(call, state, world, line, at, name);
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
