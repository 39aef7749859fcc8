import { change } from '../change.ts';
import type { Call, CommandModel, Outcome, World } from '../command-model.ts';
import { succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { readManifest } from './node-project.ts';
import { runScript } from './node-scripts.ts';
import { textAt } from './paths.ts';

/** Runs the scripts of the project itself that an install without names ends with. npm runs `prepare` with `--omit=dev`, too;
 * yarn 1 does not with `--production`. */
export function withLifecycle(
  call: Call,
  installed: Outcome,
  world: World,
  at: string,
  flags: readonly string[],
  prepares: boolean,
): Outcome {
  if (installed.exit.status !== 'succeeds' || ignoresScripts(call, installed, at, flags)) return installed;
  const manifest = readManifest(installed.state, at);
  if (typeof manifest === 'string') return installed;
  let now = installed;
  for (const name of prepares ? ['install', 'prepublish', 'prepare'] : ['install']) {
    const next = runScript(call, now.state, world, at, manifest, name, '');
    if (next === undefined) continue;
    const effects = [...now.effects, ...next.effects];
    if (next.exit.status !== 'succeeds') return { ...next, effects };
    now = { ...next, effects };
  }
  return now;
}

function ignoresScripts(call: Call, installed: Outcome, at: string, flags: readonly string[]): boolean {
  if (flags.some((flag) => /^--ignore-scripts(=true)?$/.test(flag))) return true;
  if ([...call.env.keys()].some((key) => /^npm_config_ignore_scripts$/i.test(key))) return true;
  return ['.npmrc', '.yarnrc', '.yarnrc.yml'].some((name) =>
    /ignore-scripts|enableScripts/.test(textAt(installed.state, joinPath(at, name)) ?? ''),
  );
}

/** Tools that projects call after an install: hooks of git, patches of packages. Without a repository hooks are left alone. */
export const afterInstall: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason);
  if (call.name === 'patch-package')
    return succeeded(
      result.fill(joinPath(call.cwd.value, 'node_modules'), 'patch-package changes packages in it').state,
      ['applies the patches that are there'],
    );
  result.fill(joinPath(call.cwd.value, '.husky'), `${call.name} may write it`);
  return succeeded(result.state);
};

/** `is-ci && …`: what decides is the environment of the build. */
export const isCi: CommandModel = (call, state) => {
  const ci = call.env.get('CI');
  const code = ci === undefined && !call.envOpen ? 1 : undefined;
  return code === undefined
    ? { state, exit: { status: 'unknown', why: 'whether CI is set decides' }, effects: [] }
    : { state, exit: { status: 'fails', code, failures: [] }, effects: [] };
};

/** Tools that write beside or into the output of a build: generators, copiers, rewriters of imports. What was there stays. */
export const besideBuild: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason).open(call.cwd.value, `${call.name} may write files`);
  return { state: result.state, exit: { status: 'unknown', why: `${call.name} may find fault` }, effects: [] };
};
