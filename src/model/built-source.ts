import type { Dockerfile } from '../dockerfile/types.ts';
import type { ImageState } from '../simulate/state.ts';
import type { StageTrace, Trace } from '../simulate/trace.ts';
import { folderOf, joinPath, type Look, normalPath, type SourceTree } from '../source/source-tree.ts';

/** A folder of the image beside which the sources of another stage would lie: `dist` is copied, `src` stays behind. */
interface Origin {
  /** In the image. */
  readonly base: string;
  /** In the other stage. */
  readonly root: string;
  readonly state: ImageState;
}

/** The files of an image together with the sources that its built files were made from, as far as another stage holds them: what
 * an image lacks is looked for beside the folder that was copied from. To read code with, never to say what is missing. */
export function withBuildSources(
  tree: SourceTree,
  trace: Trace,
  dockerfile: Dockerfile,
  file: string,
): SourceTree | undefined {
  const origins = originsOf(trace, dockerfile, normalPath(file));
  if (origins.length === 0) return undefined;
  const there = (path: string): { readonly state: ImageState; readonly path: string } | undefined => {
    const clean = normalPath(path);
    // Files of variables are read when the process starts: those that stay behind in another stage set nothing.
    if (/\/\.env[^/]*$/.test(clean)) return undefined;
    for (const { base, root, state } of origins) {
      const inside = base === '/' ? clean.startsWith('/') : clean === base || clean.startsWith(`${base}/`);
      if (!inside) continue;
      const mapped = joinPath(root, `.${clean.slice(base === '/' ? 0 : base.length)}`);
      if (lookIn(state, mapped) !== 'absent') return { state, path: mapped };
    }
    return undefined;
  };
  const own = (path: string): boolean => tree.look(path) === 'file';
  return {
    look(path) {
      const found = tree.look(path);
      if (found === 'file') return found;
      const other = there(path);
      return other === undefined ? found : lookIn(other.state, other.path);
    },
    text(path) {
      if (own(path)) return tree.text(path);
      const other = there(path);
      return other === undefined ? tree.text(path) : textIn(other.state, other.path);
    },
    names(path) {
      const other = there(path);
      const listed = other?.state.tree.list(other.path);
      return [...new Set([...tree.names(path), ...(listed?.known === true ? listed.value.names : [])])].sort();
    },
    origin(path) {
      if (own(path)) return tree.origin(path);
      const other = there(path);
      const found = other?.state.tree.lookup(other.path);
      return (found?.known === true ? found.value.entry?.source : undefined) ?? tree.origin(path);
    },
  };
}

/** Files that a build left in doubt count: tools write beside the sources, not into them. */
function lookIn(state: ImageState, path: string): Look {
  const found = state.tree.lookup(path);
  if (!found.known) return 'unknown';
  if (found.value.presence === 'absent') return 'absent';
  const type = found.value.entry?.type ?? found.value.type;
  return type === 'file' || type === 'directory' ? type : 'unknown';
}

function textIn(state: ImageState, path: string): string | undefined {
  const found = state.tree.lookup(path);
  return found.known ? found.value.entry?.content?.() : undefined;
}

/** The COPY --from lines that brought the folder of a file, last first. */
function originsOf(trace: Trace, dockerfile: Dockerfile, file: string): readonly Origin[] {
  const out: Origin[] = [];
  for (const stage of chain(trace)) {
    const instructions = dockerfile.stages[stage.index]?.instructions ?? [];
    for (const [index, copy] of [...instructions.entries()].toReversed()) {
      if (copy.keyword !== 'COPY' || copy.from?.value === undefined) continue;
      const wanted = copy.from.value.toLowerCase();
      const from = trace.stages.find((s) => s.name === wanted || String(s.index) === wanted);
      const workdir = stage.steps.find((s) => s.instruction === index)?.before.workdir;
      if (from === undefined || workdir?.known !== true) continue;
      const [source] = copy.sources;
      if (source === undefined || copy.sources.length > 1 || /[$*?[]/.test(`${source.text}${copy.destination.text}`))
        continue;
      const to = joinPath(workdir.value, copy.destination.text);
      if (to !== '/' && file !== to && !file.startsWith(`${to}/`)) continue;
      const origin = beside(from, joinPath('/', source.text), to);
      if (origin !== undefined) out.push(origin);
    }
  }
  return out;
}

/** `/app/dist` is copied to `/srv/dist`: what lies in `/app`, where package.json is, belongs to `/srv`. */
function beside(from: StageTrace, source: string, to: string): Origin | undefined {
  for (let root = source; ; root = folderOf(root)) {
    if (['package.json', 'tsconfig.json'].some((name) => lookIn(from.final, joinPath(root, name)) === 'file')) {
      const inner = source.slice(root === '/' ? 0 : root.length);
      if (!to.endsWith(inner)) return undefined;
      const base = to.slice(0, to.length - inner.length) || '/';
      return { base, root, state: from.final };
    }
    if (root === '/' || root === '') return undefined;
  }
}

/** The stage that is built and those it stands on. */
function chain(trace: Trace): readonly StageTrace[] {
  const out: StageTrace[] = [];
  for (let stage: StageTrace | undefined = trace.target; stage !== undefined && !out.includes(stage); ) {
    out.push(stage);
    const base: number | undefined = stage.baseStage;
    stage = base === undefined ? undefined : trace.stages.find((s) => s.index === base);
  }
  return out;
}
