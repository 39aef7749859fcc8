import { expandIn } from '../../dockerfile/scope.ts';
import type { RunInstruction } from '../../dockerfile/types.ts';
import type { Reason } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { change } from '../change.ts';
import type { Mount } from '../command-model.ts';
import { copyNodes, subtree } from '../copy-nodes.ts';
import { type SimulatedImage, withFields } from '../image.ts';
import { effective } from '../locate.ts';
import { gone, joinPath, noChildren } from '../node.ts';
import type { Break } from '../trace.ts';
import { TreeEdit } from '../tree-edit.ts';
import { contextNode } from './context-node.ts';
import { placeOf, refuse, type StageWalk } from './stage-walk.ts';

/** The image as the commands of a RUN see it: mounts on top. */
export function openMounts(
  walk: StageWalk,
  instruction: RunInstruction,
  reason: Reason,
  breaks: Break[],
): { readonly state: SimulatedImage; readonly mounts: readonly Mount[] } {
  const mounts: Mount[] = [];
  let { state } = walk;
  const { dockerfile } = walk.build;
  for (const mount of instruction.mounts) {
    const text = (value: string | undefined): string | undefined => {
      if (value === undefined) return undefined;
      const found = expandIn(walk.scope, value, dockerfile.escape).text;
      return found.known ? found.value : undefined;
    };
    if (mount.error !== undefined) continue;
    const fallback =
      mount.type === 'secret' ? `/run/secrets/${mount.id ?? basename(mount.source ?? 'secret')}` : undefined;
    const written = mount.target === undefined ? fallback : text(mount.target);
    const { workdir } = walk.state;
    if (
      mount.type === 'ssh' ||
      written === undefined ||
      (mount.type === 'secret' && mount.env !== undefined && mount.target === undefined)
    )
      continue;
    if (!written.startsWith('/') && !workdir.known) continue;
    const target = joinPath(workdir.known ? workdir.value : '/', written);
    const isFolder = mount.type === 'tmpfs' || (mount.type === 'cache' && mount.from === undefined);
    blocked(walk, target, isFolder, placeOf(walk, mount), reason, breaks);
    mounts.push({ type: mount.type, target, readOnly: mount.readOnly, at: placeOf(walk, mount) });
    if (mount.type === 'bind') state = bind(walk, instruction, mount, state, target, text(mount.source ?? ''), reason);
    else if (mount.type === 'secret') {
      const why = 'a secret is there only while the step runs';
      state = change(state, { ...reason, text: why }).write(target, {
        mode: mount.mode ?? 0o400,
        uid: mount.uid ?? 0,
        gid: mount.gid ?? 0,
        replace: true,
      }).state;
    } else
      state = folder(
        state,
        target,
        mount.type === 'cache',
        { mode: mount.mode ?? (mount.type === 'tmpfs' ? 0o1777 : 0o755), uid: mount.uid ?? 0, gid: mount.gid ?? 0 },
        reason,
      );
  }
  return { state, mounts };
}

/** A mount below a file, or of a folder onto one: the step does not start. */
function blocked(walk: StageWalk, target: string, isFolder: boolean, at: Place, reason: Reason, breaks: Break[]): void {
  for (let path = isFolder ? target : parent(target); path !== '/'; path = parent(path)) {
    const found = walk.state.tree.lookup(path);
    if (!found.known || found.value.presence !== 'present' || found.value.type !== 'file') continue;
    const text = `nothing can be mounted at ${target}: ${path} is a file`;
    const because = [reason, ...found.because];
    breaks.push(refuse(walk, { kind: 'other', at, subject: target, text, because, says: 'ot a directory' }));
    return;
  }
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folder(
  state: SimulatedImage,
  target: string,
  cached: boolean,
  owner: { mode: number; uid: number; gid: number },
  reason: Reason,
): SimulatedImage {
  const edit = new TreeEdit(state.tree, reason);
  edit.put(edit.tree.locate(target, true).real, () => {
    const made = edit.directory(owner);
    return cached ? { ...made, open: { ...reason, text: 'what a cache mount holds is not known' } } : made;
  });
  return withFields(state, { tree: edit.tree });
}

function bind(
  walk: StageWalk,
  instruction: RunInstruction,
  mount: RunInstruction['mounts'][number],
  state: SimulatedImage,
  target: string,
  source: string | undefined,
  reason: Reason,
): SimulatedImage {
  const { build } = walk;
  const edit = new TreeEdit(state.tree, reason);
  const real = edit.tree.locate(target, true).real;
  const vague = (why: string) => {
    const open = { ...reason, text: why };
    const stamp = edit.clock;
    edit.put(real, () => ({ state: 'present', because: [reason], open, stamp, sealed: stamp }));
    return withFields(state, { tree: edit.tree });
  };
  if (source === undefined) return vague('the source of the bind mount is not known');
  const clear = () => edit.put(real, () => gone(edit.clock, [reason]));
  if (mount.from !== undefined && mount.from !== '') {
    const dependency = build.graph
      .dependencies(walk.stage)
      .find((item) => item.instruction === instruction && item.span === mount.span);
    const reference = dependency?.reference;
    const other =
      reference?.kind === 'stage'
        ? build.ends.get(reference.stage.index)?.state
        : reference?.kind === 'image'
          ? build.image(reference.name, reason)
          : undefined;
    const tree = other ? subtree(other.tree, joinPath('/', source), true) : undefined;
    if (!tree) return vague('what is mounted is not known');
    clear();
    copyNodes(edit, tree, real, { keepOwner: true });
    return withFields(state, { tree: edit.tree });
  }
  const found = build.context.copySources(source === '' || source === '/' ? '.' : source);
  if (found.kind !== 'found' || found.wildcard) return vague('what is mounted is not known');
  const node = found.sources[0] ? contextNode(build.context, found.sources[0].entries(), reason)?.node : undefined;
  if (!node) return vague('what is mounted is not known');
  clear();
  copyNodes(edit, { node, assumed: false }, real, {});
  return withFields(state, { tree: edit.tree });
}

/** The image once the mounts are gone: what was below them before is back, what was written there is lost. */
export function closeMounts(
  before: SimulatedImage,
  after: SimulatedImage,
  mounts: readonly Mount[],
  reason: Reason,
): SimulatedImage {
  if (mounts.length === 0) return after;
  const edit = new TreeEdit(after.tree, reason);
  for (const mount of [...mounts].reverse()) {
    const was = before.tree.locate(mount.target, true);
    const lost = {
      ...reason,
      text: `what is below ${mount.target} belongs to a ${mount.type} mount, not to the image`,
    };
    const { real } = edit.tree.locate(mount.target, true);
    if (was.node && (was.presence === 'present' || was.presence === 'assumed')) {
      const { node, doubt, presence } = was;
      const own = doubt ? { doubt } : {};
      edit.put(real, () => ({ ...node, ...own, state: presence === 'assumed' ? 'assumed' : node.state }));
    } else if (was.presence === 'absent') {
      edit.put(real, () => gone(edit.clock, [lost]));
      // Folders that exist only because something was mounted below them are not kept either.
      for (
        let path = parent(real);
        path !== '/' && before.tree.locate(path, true).presence === 'absent';
        path = parent(path)
      ) {
        const here = edit.tree.locate(path, false);
        const left = [...(here.node?.children ?? noChildren).values()].some(
          (child) => effective(child, here.doubt) !== 'absent',
        );
        if (left || here.node?.open) break;
        edit.put(path, () => gone(edit.clock, [lost]));
      }
    } else
      edit.put(real, () => ({ state: 'unknown', because: [lost], open: lost, stamp: edit.clock, sealed: edit.clock }));
  }
  return withFields(after, { tree: edit.tree });
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
