import type { CopyInstruction } from '../dockerfile/types.ts';
import type { Service } from '../model/types.ts';
import type { FileTree, ImageState } from '../simulate/state.ts';
import type { StageTrace } from '../simulate/trace.ts';
import { programPath } from './program-path.ts';

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
  const path = programPath(image, name);
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

/** A script of packages that were installed outside a virtual environment: with --user or --prefix. */
export function copiedScript(brought: readonly Brought[], image: ImageState, path: string): CopiedProgram | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const now = path.slice(0, path.lastIndexOf('/bin/'));
  const own = image.tree.lookup(`${now}/pyvenv.cfg`);
  if (own.known && own.value.presence !== 'absent') return undefined;
  for (const { copy, from } of brought) {
    for (const { text } of copy.sources) {
      const made = madeAt(copy.destination.text, text, now);
      const packages = from.final.packages.some(
        ({ manager, prefix }) => manager === 'pip' && prefix?.startsWith(`${made}/lib/`) === true,
      );
      if (made !== undefined && packages && isNoEnvironment(from, made)) return { name, path, copy, from, made, now };
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

/** No environment was made there: it is absent, or nothing that makes environments ran in that stage at all. */
function isNoEnvironment({ final, steps }: StageTrace, folder: string): boolean {
  const found = final.tree.lookup(`${folder}/pyvenv.cfg`);
  if (found.known) return found.value.presence === 'absent';
  return !steps.some(({ argv }) => argv?.some((word) => MAKES.test(word)));
}

const MAKES = /(^|\/)(venv|virtualenv|uv|poetry|pipenv|pdm|hatch|rye|conda|mamba|micromamba|pex|tox|nox|pipx)$/;

function isThere(tree: FileTree, path: string): boolean {
  const found = tree.lookup(path);
  return found.known && found.value.presence === 'present';
}
