import type { Call, Outcome, World } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { chosen, runInEach, workspaceRoot, workspacesOf } from './node-workspaces.ts';
import type { Line } from './npm-line.ts';

/** The values of `--filter` and `--scope`. */
export function filtersOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word, i) => {
    const [, value] = /^(?:--filter|-F|--scope)=(.*)$/.exec(word) ?? [];
    if (value !== undefined) return [value];
    return /^(--filter|-F|--scope)$/.test(words[i - 1] ?? '') ? [word] : [];
  });
}

/** pnpm -r run build, pnpm --filter web build. */
export function runFiltered(
  call: Call,
  state: ImageState,
  world: World,
  at: string,
  name: string,
  flags: readonly string[],
): Outcome | undefined {
  const root = workspaceRoot(state, at);
  const all = root === undefined ? undefined : workspacesOf(state, root);
  if (root === undefined || all === undefined || flags.some((flag) => /^(-w|--workspace-root)$/.test(flag)))
    return undefined;
  const packages = chosen(all, root, filtersOf(flags), false);
  if (packages?.some(({ manifest }) => manifest.scripts.has(name)) !== true) return undefined;
  return runInEach(call, state, world, packages, name, '');
}

/** yarn workspace web build. */
export function inWorkspace(
  call: Call,
  state: ImageState,
  world: World,
  at: string,
  [name, ...words]: readonly string[],
): Outcome | undefined {
  const root = workspaceRoot(state, at);
  const found = (root === undefined ? undefined : workspacesOf(state, root))?.find((one) => one.manifest.name === name);
  const [script] = words[0] === 'run' ? words.slice(1) : words;
  if (found === undefined || script === undefined || !found.manifest.scripts.has(script)) return undefined;
  return runInEach(call, state, world, [found], script, '');
}

/** npm run build -w web, npm run build --workspaces. */
export function runInWorkspaces(
  call: Call,
  state: ImageState,
  world: World,
  line: Line,
  at: string,
  name: string,
): Outcome | undefined {
  const all = workspacesOf(state, at);
  const names = line.flags.flatMap((flag, i) => {
    const [, value] = /^(?:-w|--workspace)=(.*)$/.exec(flag) ?? [];
    return value !== undefined ? [value] : /^(-w|--workspace)$/.test(line.flags[i - 1] ?? '') ? [flag] : [];
  });
  const picked = all?.filter(
    ({ folder, manifest }) =>
      names.length === 0 || names.some((one) => manifest.name === one || folder === joinPath(at, one)),
  );
  if (picked === undefined || picked.length === 0 || !picked.some(({ manifest }) => manifest.scripts.has(name)))
    return undefined;
  return runInEach(call, state, world, picked, name, '');
}
