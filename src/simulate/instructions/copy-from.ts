import { editDistance } from '../../dockerfile/suggest.ts';
import type { AddInstruction, CopyInstruction, Word } from '../../dockerfile/types.ts';
import { known, type Reason } from '../../facts/fact.ts';
import type { BuildContext } from '../context/build-context.ts';
import { subtree } from '../copy-nodes.ts';
import type { SimulatedImage } from '../image.ts';
import { joinPath, type Node } from '../node.ts';
import { expandGlob } from '../run/glob.ts';
import type { Break } from '../trace.ts';
import type { Item } from './copy.ts';
import { because, placeOf, refuse, type StageWalk } from './stage-walk.ts';

/** Another place than the build context to copy from. */
export type OtherSource =
  | { readonly kind: 'context'; readonly context: BuildContext }
  | {
      readonly kind: 'image';
      readonly items: (
        source: string,
        word: Word,
        exclude: readonly string[],
      ) => { items: readonly Item[]; unknown?: string };
    };

/** What `--from` names: a stage, an image, a named context. */
export function copySource(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  breaks: Break[],
): OtherSource {
  const { build } = walk;
  const dependency = build.graph.dependencies(walk.stage).find((item) => item.instruction === instruction);
  const reference = dependency?.reference;
  const nothing = (why: string): OtherSource => ({ kind: 'image', items: () => ({ items: [], unknown: why }) });
  if (!dependency || !reference) return nothing('what --from names is not known');
  if (reference.kind === 'context') {
    const context = build.contexts.get(reference.name);
    return context ? { kind: 'context', context } : nothing(`the named context ${reference.name} is not known`);
  }
  if (reference.kind === 'unknown') return nothing(reference.why);
  if (reference.kind === 'invalid') {
    const at = placeOf(walk, dependency);
    const text = `--from cannot be resolved: ${reference.error}`;
    const failure = { at, subject: reference.error, text, because: [because(instruction)], says: reference.error };
    breaks.push(refuse(walk, { kind: 'stage-unknown', ...failure }));
    return nothing(text);
  }
  if (reference.kind === 'scratch') return nothing('nothing can be copied from scratch');
  const reason = because(instruction);
  const meant = reference.kind === 'image' ? stageMeant(walk, reference.name) : undefined;
  if (reference.kind === 'image' && meant !== undefined) {
    const text = `there is no stage ${reference.name} above, and no image of this name: ${meant} is meant, as it seems`;
    const at = placeOf(walk, dependency);
    const failure = { at, subject: reference.name, text, because: [reason], says: 'not found' };
    breaks.push(refuse(walk, { kind: 'stage-unknown', ...failure }));
    return nothing(text);
  }
  const state =
    reference.kind === 'stage' ? build.ends.get(reference.stage.index)?.state : build.image(reference.name, reason);
  if (!state) return nothing('the stage that --from names was not simulated');
  const named =
    reference.kind === 'stage'
      ? `the stage ${reference.stage.name ?? reference.stage.index}`
      : `the image ${reference.name}`;
  return {
    kind: 'image',
    items: (source, word, exclude) => fromImage(walk, state, named, source, word, exclude, reason, breaks),
  };
}

/** Names of stages that are no official image: nobody pulls them. */
const STAGE_NAMES =
  /^(build|builder|building|compile|compiler|base|deps|dependencies|install|installer|frontend|backend|client|server|dev|development|prod|production|prod-deps|runner|runtime|final|release|test|tester|stage|stage-?\d|[a-z]+-(build|builder|base|deps|stage))$/;

/** The stage of the file that a bare name is likely to mean, where it is the name of no stage above. */
function stageMeant({ build }: StageWalk, name: string): string | undefined {
  const names = build.dockerfile.stages.flatMap((stage) => stage.name ?? []);
  if (!STAGE_NAMES.test(name)) return undefined;
  return names.find(
    (stage) =>
      stage === name ||
      editDistance(stage, name) <= 2 ||
      ((stage.startsWith(name) || name.startsWith(stage)) && Math.abs(stage.length - name.length) <= 3),
  );
}

function fromImage(
  walk: StageWalk,
  state: SimulatedImage,
  named: string,
  source: string,
  word: Word,
  exclude: readonly string[],
  reason: Reason,
  breaks: Break[],
): { items: readonly Item[]; unknown?: string } {
  if (exclude.length > 0) return { items: [], unknown: '--exclude from another stage is not followed' };
  const path = joinPath('/', source);
  if (/[*?[]/.test(path)) {
    const found = expandGlob(state, known('/'), path);
    if (!found.known) return { items: [], unknown: found.why };
    const items = found.value.flatMap((one) => item(state, one) ?? []);
    return { items: items.map((one) => ({ ...one, wildcard: true })) };
  }
  const found = state.tree.lookup(path);
  if (found.known && found.value.presence === 'absent') {
    const text = `there is no ${path} in ${named}`;
    const failure = {
      at: placeOf(walk, word),
      subject: source,
      text,
      because: [reason, ...found.because],
      says: `"${path}": not found`,
    };
    breaks.push(refuse(walk, { kind: 'copy-source-absent', ...failure, detail: { path } }));
    return { items: [], unknown: text };
  }
  const one = item(state, path);
  if (one) return { items: [one] };
  // It must be there, else the build stops; whether it is a file or a folder is not known.
  const why = found.known ? `what ${path} of ${named} is is not known` : found.why;
  const open = { ...reason, text: why };
  const node: Node = { state: 'present', because: [reason], open, stamp: 0, sealed: 0 };
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    items: [{ name, tree: { node, assumed: false }, keepOwner: true, wildcard: false, vague: 'anything' }],
    unknown: why,
  };
}

function item(state: SimulatedImage, path: string): Item | undefined {
  const tree = subtree(state.tree, path, true);
  if (!tree || tree.node.type === undefined) return undefined;
  return { name: path.slice(path.lastIndexOf('/') + 1), tree, keepOwner: true, wildcard: false };
}
