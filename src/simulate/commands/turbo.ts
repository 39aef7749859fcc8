import { change } from '../change.ts';
import { type Call, type CommandModel, type Outcome, succeeded, type World } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { chosen, runInEach, workspaceRoot, workspacesOf } from './node-workspaces.ts';
import { flagValue } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { ownerOf } from './paths.ts';
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
  if (verb === 'prune') return prune(call, state, words);
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

/** turbo prune: a part of the repository in `out`, with `--docker` as manifests (`json`) and in full (`full`). */
function prune(call: Call, state: ImageState, words: readonly string[]): Outcome | undefined {
  if (!call.cwd.known) return undefined;
  const out = joinPath(call.cwd.value, flagValue(words, '--out-dir') ?? 'out');
  const result = change(state, call.reason);
  for (const folder of words.includes('--docker') ? ['json', 'full'] : []) {
    result.fill(joinPath(out, folder), 'turbo prune copies a part of the repository there', ownerOf(call));
    result.write(joinPath(out, `${folder}/package.json`), ownerOf(call));
  }
  result.fill(out, 'turbo prune copies a part of the repository there', ownerOf(call));
  return succeeded(result.state, [`copies a part of the repository to ${out}`]);
}
