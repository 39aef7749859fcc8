import type { Span } from '../text/place.ts';
import { goLower } from './go-text.ts';
import type { Dockerfile, Instruction, Stage } from './types.ts';

/** What a FROM, a `COPY --from` or a `--mount from=` means. */
export type StageReference =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly name: string }
  /** An `additional_contexts` entry or `--build-context`. */
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'scratch' }
  /** BuildKit refuses it: its words. */
  | { readonly kind: 'invalid'; readonly error: string }
  | { readonly kind: 'unknown'; readonly why: string };

export interface StageDependency {
  readonly via: 'FROM' | 'COPY' | 'RUN';
  readonly reference: StageReference;
  readonly instruction: Instruction;
  readonly span: Span;
}

export interface StageGraph {
  /** Case does not matter; of two stages with one name the later. */
  named(name: string): Stage | undefined;
  /** What each stage needs directly, in order. */
  dependencies(stage: Stage): readonly StageDependency[];
  base(stage: Stage): StageReference;
  /** The stages that a target needs, itself included, in the order of the file. */
  needed(target: Stage): readonly Stage[];
  /** The stage that is built: the last one without a name. Undefined when there is none of that name. */
  target(name?: string): Stage | undefined;
}

export interface StageGraphOptions {
  /** The base as FROM gives it once expanded; undefined where that is not known. Default: the text, if it has no `$`. */
  readonly baseName?: (stage: Stage) => string | undefined;
  /** Names of named contexts: they take the place of stages and images. */
  readonly contexts?: ReadonlySet<string>;
}

/** How the stages of a Dockerfile hang together, as BuildKit looks names up. */
export function stageGraph(dockerfile: Dockerfile, options: StageGraphOptions = {}): StageGraph {
  const { stages } = dockerfile;
  const contexts = new Set([...(options.contexts ?? [])].map(goLower));
  const baseName =
    options.baseName ?? ((stage) => (stage.from.image.text.includes('$') ? undefined : stage.from.image.text));
  const byName = new Map<string, Stage>();
  const bases: StageReference[] = [];
  for (const stage of stages) {
    bases.push(baseReference(stage, baseName(stage), byName, contexts));
    if (stage.name !== undefined) byName.set(stage.name, stage);
  }
  const context = (name: string): StageReference | undefined =>
    contexts.has(goLower(name)) ? { kind: 'context', name } : undefined;

  const lookup = (name: string, from: Stage, byIndex: boolean): StageReference => {
    if (byIndex && /^[+-]?\d+$/.test(name)) {
      const found = stages[Number(name)];
      return found === undefined
        ? { kind: 'invalid', error: `invalid stage index ${Number(name)}` }
        : usable(found, from, name);
    }
    const found = byName.get(goLower(name));
    return found !== undefined
      ? (context(found.name ?? '') ?? usable(found, from, name))
      : (context(name) ?? (name === 'scratch' ? { kind: 'scratch' } : { kind: 'image', name }));
  };

  const cache = new Map<Stage, readonly StageDependency[]>();
  const dependencies = (stage: Stage): readonly StageDependency[] => {
    let found = cache.get(stage);
    if (found === undefined) {
      found = dependenciesOf(stage, bases[stage.index] ?? { kind: 'scratch' }, lookup);
      cache.set(stage, found);
    }
    return found;
  };
  return {
    named: (name) => byName.get(goLower(name)),
    dependencies,
    base: (stage) => bases[stage.index] ?? { kind: 'scratch' },
    needed: (target) => reachable(target, dependencies),
    target: (name) => (name === undefined || name === '' ? stages.at(-1) : byName.get(goLower(name))),
  };
}

/** FROM sees only the stages above it, and by their lower-case names: `FROM Build` is an image. */
function baseReference(
  stage: Stage,
  name: string | undefined,
  above: ReadonlyMap<string, Stage>,
  contexts: ReadonlySet<string>,
): StageReference {
  if (stage.name !== undefined && contexts.has(stage.name)) return { kind: 'context', name: stage.name };
  if (name === undefined) return { kind: 'unknown', why: `the base ${stage.from.image.text} depends on a variable` };
  if (name === '') {
    return { kind: 'invalid', error: `base name (${stage.from.image.text}) should not be blank` };
  }
  const found = above.get(name);
  if (found !== undefined) return { kind: 'stage', stage: found };
  if (name === 'scratch') return { kind: 'scratch' };
  return contexts.has(goLower(name)) ? { kind: 'context', name } : { kind: 'image', name };
}

function usable(found: Stage, from: Stage, name: string): StageReference {
  if (found.index < from.index) return { kind: 'stage', stage: found };
  if (found.index === from.index) {
    return { kind: 'invalid', error: `circular dependency detected on stage: ${found.name ?? `stage-${found.index}`}` };
  }
  const here = from.name ?? `stage-${from.index}`;
  const error = `cannot copy from stage "${name}", it needs to be defined before current stage "${here}"`;
  return { kind: 'invalid', error };
}

function dependenciesOf(
  stage: Stage,
  base: StageReference,
  lookup: (name: string, from: Stage, byIndex: boolean) => StageReference,
): readonly StageDependency[] {
  const out: StageDependency[] = [
    { via: 'FROM', reference: base, instruction: stage.from, span: stage.from.image.span },
  ];
  for (const instruction of stage.instructions) {
    if (instruction.keyword === 'COPY' && instruction.from?.value !== undefined && instruction.from.value !== '') {
      const { value, span } = instruction.from;
      const reference: StageReference = value.includes('$')
        ? { kind: 'invalid', error: NO_EXPANSION }
        : lookup(value, stage, true);
      out.push({ via: 'COPY', reference, instruction, span });
    }
    if (instruction.keyword !== 'RUN') continue;
    for (const mount of instruction.mounts) {
      if (mount.from === undefined || mount.from === '') continue;
      out.push({ via: 'RUN', reference: lookup(mount.from, stage, false), instruction, span: mount.span });
    }
  }
  return out;
}

const NO_EXPANSION =
  'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround';

function reachable(target: Stage, dependencies: (stage: Stage) => readonly StageDependency[]): readonly Stage[] {
  const seen = new Set<Stage>([target]);
  const pending = [target];
  for (let stage = pending.pop(); stage !== undefined; stage = pending.pop()) {
    for (const { reference } of dependencies(stage)) {
      if (reference.kind !== 'stage' || seen.has(reference.stage)) continue;
      seen.add(reference.stage);
      pending.push(reference.stage);
    }
  }
  return [...seen].sort((a, b) => a.index - b.index);
}
