import type { CopyInstruction } from '../dockerfile/types.ts';
import type { Service } from '../model/types.ts';
import type { FileTree, ImageState } from '../simulate/state.ts';
import type { StageTrace } from '../simulate/trace.ts';
import type { Launch } from '../source/launch/launch.ts';

/** A program that the container starts out of a virtual environment of another stage. */
export interface CopiedProgram {
  readonly name: string;
  /** Where it is in the image. */
  readonly path: string;
  readonly copy: CopyInstruction;
  readonly from: StageTrace;
  /** The environment where it was made, and where it is now. */
  readonly made: string;
  readonly now: string;
}

/** The programs that are looked up on PATH when the container starts, in the order in which they start. */
export function startedPrograms({ argv, before = [] }: Launch): readonly string[] {
  const names = [...before.flatMap((launch) => launch.argv.slice(0, 1)), ...argv.slice(0, 1)];
  return [...new Set(names)];
}

interface Brought {
  readonly copy: CopyInstruction;
  readonly from: StageTrace;
}

/** COPY lines of the final stage that take from a stage in which packages were installed outside the system's folders. */
export function broughtEnvironments({ target }: Service): readonly Brought[] {
  if (target === undefined) return [];
  const stage = target.trace.target;
  const instructions = target.dockerfile.stages[stage.index]?.instructions ?? [];
  return instructions.toReversed().flatMap((copy): readonly Brought[] => {
    if (copy.keyword !== 'COPY' || copy.from?.value === undefined) return [];
    const wanted = copy.from.value.toLowerCase();
    const from = target.trace.stages.find((s) => s.name === wanted || String(s.index) === wanted);
    const environments = from?.final.packages.some(
      ({ manager, prefix }) => manager === 'pip' && prefix !== undefined && !/^\/usr\//.test(prefix),
    );
    return from !== undefined && environments === true ? [{ copy, from }] : [];
  });
}

/** What runs first out of a virtual environment that COPY --from brought: by the name of a program, looked up on PATH. */
export function copiedProgram(brought: readonly Brought[], image: ImageState, name: string): CopiedProgram | undefined {
  const path = pathOf(image, name);
  if (path === undefined) return undefined;
  const now = path.slice(0, path.lastIndexOf('/bin/'));
  for (const { copy, from } of brought) {
    for (const { text } of copy.sources) {
      const made = madeAt(copy.destination.text, text, now);
      if (made !== undefined && isThere(from.final.tree, `${made}/pyvenv.cfg`))
        return { name, path, copy, from, made, now };
    }
  }
  return undefined;
}

/** The path in the other stage of what lies at `now` here; undefined where this COPY did not bring it. Only plain paths are read. */
function madeAt(destination: string, source: string, now: string): string | undefined {
  const [to, of] = [plain(destination), plain(source)];
  if (to === undefined || of === undefined) return undefined;
  return now === to ? of : now.startsWith(`${to}/`) ? `${of}${now.slice(to.length)}` : undefined;
}

function plain(path: string): string | undefined {
  return /^\/[^$*?[\]]+$/.test(path) ? path.replace(/\/\.?$/, '') : undefined;
}

function pathOf({ env, tree }: ImageState, name: string): string | undefined {
  if (name.includes('/')) return /^\/.*\/bin\/[^/]+$/.test(name) ? name : undefined;
  const path = env.get('PATH');
  if (path?.known !== true) return undefined;
  for (const folder of path.value.split(':')) {
    const found = tree.lookup(`${folder}/${name}`, { follow: false });
    // A folder that may hold it or not hides those behind it.
    if (!found.known) return undefined;
    if (found.value.presence !== 'absent')
      return found.value.presence === 'present' && folder.endsWith('/bin') ? `${folder}/${name}` : undefined;
  }
  return undefined;
}

function isThere(tree: FileTree, path: string): boolean {
  const found = tree.lookup(path);
  return found.known && found.value.presence === 'present';
}
