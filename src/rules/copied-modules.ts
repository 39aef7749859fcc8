import type { CopyInstruction } from '../dockerfile/types.ts';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import type { FileTree } from '../simulate/state.ts';
import type { StageTrace } from '../simulate/trace.ts';
import { readNodeLocks } from '../source/manifests/node-lock.ts';
import { memoryTree } from '../source/memory-tree.ts';
import { isWithin } from './container-path.ts';

/** node_modules of another stage that the process of a service loads from. */
export interface CopiedModules {
  readonly copy: CopyInstruction;
  readonly from: StageTrace;
  /** Versions by name, as the lock file of that stage has them. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Known undefined: no COPY --from brings node_modules to where the process runs, or a later line installs them again. */
export function copiedModules(service: Service): Fact<CopiedModules | undefined> {
  const { target } = service;
  if (target === undefined) return known(undefined);
  const stage = target.trace.target;
  const { workdir } = target.trace.final;
  const instructions = target.dockerfile.stages[stage.index]?.instructions ?? [];
  for (const [index, copy] of [...instructions.entries()].toReversed()) {
    if (copy.keyword !== 'COPY' || copy.from?.value === undefined) continue;
    const wanted = copy.from.value.toLowerCase();
    const from = target.trace.stages.find((s) => s.name === wanted || String(s.index) === wanted);
    const step = stage.steps.find((s) => s.instruction === index);
    if (from === undefined || step?.before.workdir.known !== true || !workdir.known) continue;
    const root = rootOf(from.final.tree, copy, step.before.workdir.value, workdir.value);
    if (root === undefined) continue;
    if (
      stage.steps.some(
        (s) =>
          s.instruction > index && /^(npm|yarn|pnpm) (rebuild|ci|i|install)\b|^yarn$/.test(s.argv?.join(' ') ?? ''),
      )
    )
      return known(undefined);
    const versions = lockedVersions(from.final.tree, root);
    return versions === undefined
      ? unknown('no lock file of that stage tells what its node_modules hold', {
          kind: 'line',
          at: copy.place,
          text: copy.original.trim(),
        })
      : known({ copy, from, versions });
  }
  return known(undefined);
}

/** The folder of the other stage whose node_modules come to a folder in or above the one the process runs in. */
function rootOf(tree: FileTree, copy: CopyInstruction, here: string, cwd: string): string | undefined {
  const to = absolute(copy.destination.text, here);
  for (const { text } of copy.sources) {
    const source = absolute(text, '/');
    if (source === undefined || to === undefined) continue;
    if (source.endsWith('/node_modules')) {
      const parent = to.endsWith('/node_modules') ? to.slice(0, -'/node_modules'.length) : undefined;
      if (parent !== undefined && isWithin(cwd, parent || '/')) return source.slice(0, -'/node_modules'.length);
    } else if (isWithin(cwd, to || '/')) {
      // The project's folder as a whole; a folder below it may be where the process runs.
      const below = cwd.slice(to === '/' ? 0 : to.length);
      const found = [`${source}${below}`, source].find((folder) => isFolder(tree, `${folder}/node_modules`));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function absolute(path: string, folder: string): string | undefined {
  if (/[$*?[\]]/.test(path)) return undefined;
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  const parts = whole.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : `/${parts.join('/')}`;
}

function isFolder(tree: FileTree, path: string): boolean {
  const found = tree.lookup(path);
  return found.known && found.value.presence === 'present' && found.value.type === 'directory';
}

function lockedVersions(tree: FileTree, root: string): ReadonlyMap<string, string> | undefined {
  const files: Record<string, string> = {};
  for (const name of ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock']) {
    const found = tree.lookup(`${root === '/' ? '' : root}/${name}`);
    const text = found.known && found.value.presence === 'present' ? found.value.content?.() : undefined;
    if (text !== undefined) files[name] = text;
  }
  const [lock] = readNodeLocks(memoryTree(files), '');
  return lock === undefined || lock.packages.size === 0
    ? undefined
    : new Map([...lock.packages].map(([name, { version }]) => [name, version]));
}
