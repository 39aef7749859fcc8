import { change } from '../change.ts';
import { type Call, type CommandModel, type Outcome, succeeded, type World } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { chosen, runInEach, workspaceRoot, workspacesOf } from './node-workspaces.ts';
import { flagValue } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { kindAt, ownerOf } from './paths.ts';
import { filtersOf } from './workspace-runs.ts';

/** turbo run TASK and lerna run TASK: the scripts of that name in the packages, those that are needed first. */
export const turbo: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const plain = words.filter(
    (word, i) =>
      !word.startsWith('-') &&
      !/^(--filter|-F|--scope|--out-dir|--concurrency|--cache-dir|--env-mode)$/.test(words[i - 1] ?? ''),
  );
  const [verb, ...rest] = plain;
  if (
    words.some((word) => /^(--version|-v|--help)$/.test(word)) ||
    /^(login|link|telemetry|daemon|info|ls|scan)$/.test(verb ?? '')
  )
    return succeeded(state);
  if (verb === 'prune') return prune(call, state, words, [...rest, ...filtersOf(words)]);
  const tasks = verb === 'run' ? rest : plain;
  if (tasks.length === 0) return undefined;
  return runTasks(call, state, world, call.cwd.value, tasks, filtersOf(words));
};

function runTasks(
  call: Call,
  state: ImageState,
  world: World,
  cwd: string,
  tasks: readonly string[],
  filters: readonly string[],
): Outcome | undefined {
  const root = workspaceRoot(state, cwd);
  const all = root === undefined ? undefined : workspacesOf(state, root);
  const packages = root === undefined || all === undefined ? undefined : chosen(all, root, filters, true);
  if (root === undefined || packages === undefined) return undefined;
  let now: ImageState = change(state, call.reason).fill(
    joinPath(root, '.turbo'),
    'turbo keeps its cache there',
    ownerOf(call),
  ).state;
  const effects: string[] = [];
  let why: string | undefined;
  for (const task of tasks) {
    const outcome = runInEach(call, now, world, packages, task, '');
    effects.push(...outcome.effects);
    if (outcome.exit.status === 'fails') return { ...outcome, effects };
    if (outcome.exit.status === 'unknown') why ??= outcome.exit.why;
    now = outcome.state;
  }
  return why === undefined ? succeeded(now, effects) : { state: now, exit: { status: 'unknown', why }, effects };
}

/** Files of the root that turbo takes along, where they are there. */
const ROOT = ['package.json', 'turbo.json', 'pnpm-workspace.yaml', '.npmrc', '.gitignore', '.yarnrc.yml'];

const UNTRACKED = ['node_modules', '.env', '.env.local', '.next', '.turbo'];
const LOCKS = ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock'];

/** turbo prune: a part of the repository in `out`, with `--docker` as manifests (`json`) and in full (`full`). */
function prune(call: Call, state: ImageState, words: readonly string[], names: readonly string[]): Outcome | undefined {
  if (!call.cwd.known) return undefined;
  const out = joinPath(call.cwd.value, flagValue(words, '--out-dir') ?? 'out');
  const result = change(state, call.reason).mkdir(out, ownerOf(call));
  const why = 'turbo prune copies a part of the repository there';
  const effects = [`copies a part of the repository to ${out}`];
  const root = workspaceRoot(state, call.cwd.value);
  const all = root === undefined ? undefined : workspacesOf(state, root);
  const packages = root === undefined || all === undefined ? undefined : chosen(all, root, names, true);
  const parts = words.includes('--docker') ? ['json', 'full'] : ['.'];
  if (root === undefined || packages === undefined || packages.length === 0 || names.length === 0) {
    for (const part of parts) result.fill(joinPath(out, part), why, ownerOf(call));
    return succeeded(result.fill(out, why, ownerOf(call)).state, effects);
  }
  for (const part of parts) {
    const target = joinPath(out, part);
    result.mkdir(target, ownerOf(call));
    for (const name of ROOT)
      if (kindAt(state, joinPath(root, name)) === 'file')
        result.copy(state, joinPath(root, name), joinPath(target, name));
    for (const { folder } of packages) {
      const to = joinPath(target, folder.slice(root === '/' ? 1 : root.length + 1));
      if (part === 'json') result.copy(state, joinPath(folder, 'package.json'), joinPath(to, 'package.json'));
      else {
        result.copy(state, folder, to);
        // What git leaves out stays behind.
        for (const name of UNTRACKED)
          if (kindAt(state, joinPath(folder, name)) !== 'file') result.remove(joinPath(to, name));
      }
    }
    if (kindAt(state, joinPath(root, 'patches')) !== 'absent') result.open(target, why, ownerOf(call));
  }
  for (const name of LOCKS) {
    if (kindAt(state, joinPath(root, name)) !== 'file') continue;
    result.write(joinPath(out, name), ownerOf(call));
    for (const part of parts) if (part !== '.') result.assumeBelow(joinPath(out, `${part}/${name}`), why);
  }
  return succeeded(result.open(out, why, ownerOf(call)).state, effects);
}
