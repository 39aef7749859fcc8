import { cleanPath, matchPath } from '../dockerfile/go-path.ts';
import type { AddInstruction, CopyInstruction } from '../dockerfile/types.ts';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { BuildTarget } from '../model/types.ts';
import type { BuildContext } from '../simulate/context/build-context.ts';
import type { StageTrace } from '../simulate/trace.ts';
import type { Edit } from '../text/edit.ts';
import { isWithin } from './container-path.ts';
import { finalStages } from './final-stages.ts';

/** A COPY or ADD that takes a path of the context when it is there. */
export interface Taker {
  readonly instruction: CopyInstruction | AddInstruction;
  readonly stage: StageTrace;
  /** Where it comes to in the stage; undefined: not known. */
  readonly to: string | undefined;
  /** It names the path itself, not a folder above it. */
  readonly named: boolean;
}

/** The instructions of a target that take a path of its context, which need not be there yet. `path` is relative to the
 * context. Empty: the ignore file keeps it out, or nothing takes it. Unknown where a source or a filter is not known. */
export function takersOf(target: BuildTarget, path: string): Fact<readonly Taker[]> {
  const { context, dockerfile, trace } = target;
  if (context.kind === 'remote') return unknown(context.why ?? 'the context is not in the repository');
  if (context.ignored(path).ignored) return known([]);
  const found: Taker[] = [];
  for (const stage of trace.stages) {
    for (const [index, i] of (dockerfile.stages[stage.index]?.instructions ?? []).entries()) {
      if ((i.keyword !== 'COPY' && i.keyword !== 'ADD') || (i.keyword === 'COPY' && i.from !== undefined)) continue;
      const rest = i.sources.map(({ text }) => restOf(text, path)).find((r) => r !== undefined);
      if (rest === undefined) continue;
      if (rest === null) return unknown(`what ${i.original.trim()} takes is not known`);
      if (i.exclude.length > 0) return unknown(`${i.original.trim()} leaves something out`);
      const workdir = stage.steps.find((s) => s.instruction === index)?.before.workdir;
      const parents = i.keyword === 'COPY' && i.parents;
      const to = parents || workdir?.known !== true ? undefined : place(i.destination.text, workdir.value, rest, path);
      found.push({ instruction: i, stage, to, named: rest === '' });
    }
  }
  return known(found);
}

/** Whether what an instruction takes is in the image: its stage is, or another stage's COPY --from goes on with it. */
export function reachesImage(target: BuildTarget, { stage, to }: Taker, name: string): boolean {
  const final = finalStages(target);
  if (final.includes(stage)) return true;
  if (to === undefined || to.includes('$')) return false;
  const { stages } = target.dockerfile;
  const removed = stages[stage.index]?.instructions.some((i) => i.keyword === 'RUN' && i.original.includes(name));
  if (removed === true) return false;
  return final.some((last) =>
    stages[last.index]?.instructions.some(
      (i) =>
        i.keyword === 'COPY' &&
        (i.from?.value?.toLowerCase() === stage.name || i.from?.value === String(stage.index)) &&
        i.sources.some(({ text }) => !/[$*?[]/.test(text) && isWithin(to, cleanPath(`/${text}`))),
    ),
  );
}

/** Lines at the end of the ignore file in force, or a new ignore file. Paths are relative to the context. */
export function ignoreLines(context: BuildContext, paths: readonly string[]): readonly Edit[] {
  const file = ignoreFile(context);
  const text = context.repo.text(file) ?? '';
  const start = text === '' || text.endsWith('\n') ? '' : '\n';
  return [{ file, start: text.length, end: text.length, text: `${start}${paths.join('\n')}\n` }];
}

/** The ignore file in force, or the one to make. */
export function ignoreFile(context: BuildContext): string {
  return context.ignore?.file ?? (context.dir === '' ? '.dockerignore' : `${context.dir}/.dockerignore`);
}

/** A path of the repository as one of the context; undefined: it lies outside. */
export function inContext(context: BuildContext, path: string): string | undefined {
  if (context.kind === 'remote') return undefined;
  if (context.dir === '') return path;
  return path.startsWith(`${context.dir}/`) ? path.slice(context.dir.length + 1) : undefined;
}

/** What is left of a path below the source that takes it: `` for the file itself. Null: not known. Undefined: not taken. */
function restOf(source: string, path: string): string | null | undefined {
  if (/^(?:https?:\/\/|git@)/.test(source)) return undefined;
  if (source.includes('$')) return null;
  const clean = cleanPath(`/${source}`).slice(1);
  if (clean === '') return path;
  const depth = clean.split('/').length;
  const parts = path.split('/');
  const head = parts.slice(0, depth).join('/');
  if (head !== clean && (!/[*?[]/.test(clean) || matchPath(clean, head) !== true)) return undefined;
  return parts.slice(depth).join('/');
}

function place(destination: string, workdir: string, rest: string, path: string): string {
  const folder = destination.startsWith('/') ? destination : `${workdir}/${destination}`;
  const named = rest === '' && /(?:^|\/)\.?$/.test(destination) ? path.slice(path.lastIndexOf('/') + 1) : rest;
  return cleanPath(`${folder}/${named}`);
}
