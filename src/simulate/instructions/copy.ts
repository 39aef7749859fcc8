import type { AddInstruction, CopyInstruction, Word } from '../../dockerfile/types.ts';
import type { Fact, Reason } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { change } from '../change.ts';
import type { CopySources } from '../context/copy-source.ts';
import { copyNodes, type Subtree } from '../copy-nodes.ts';
import { withFields } from '../image.ts';
import { fileOnTheWay } from '../locate.ts';
import { joinPath } from '../node.ts';
import type { Break } from '../trace.ts';
import { TreeEdit } from '../tree-edit.ts';
import { addArchive, addRemote, isArchive, isRemote } from './add.ts';
import { contextNode } from './context-node.ts';
import { copySource } from './copy-from.ts';
import { type Destination, destination, type Existing, existingAt } from './copy-place.ts';
import { absentBecause, type LeftOut, leftOut } from './left-out.ts';
import { sourceMissing } from './source-missing.ts';
import { advance, because, expand, placeOf, refuse, type StageWalk, undecided } from './stage-walk.ts';

/** What is copied: under its own name into a folder, or as the destination itself. */
export interface Item {
  readonly name: string;
  readonly tree: Subtree;
  /** Owner as in the source (another stage without --chown). */
  readonly keepOwner: boolean;
  readonly wildcard: boolean;
  /** Extracted from an archive, fetched: what it is is not known. */
  readonly vague?: 'contents' | 'anything';
  /** What the ignore file keeps out of a folder of the context: paths below it, with the pattern. */
  readonly leftOut?: readonly LeftOut[];
}

/** COPY and ADD. */
export function copy(walk: StageWalk, instruction: CopyInstruction | AddInstruction): void {
  const breaks: Break[] = [];
  const reason = because(instruction);
  const to = destination(walk, instruction, breaks);
  if (!to.known) {
    undecided(walk.build, { ...reason, text: `where it copies to is not known: ${to.why}` });
    const after = change(walk.state, reason).assumeEverywhere('a copy to a path that is not known').state;
    advance(walk, instruction, after, { breaks, unmodelled: to.why });
    return;
  }
  const items: Item[] = [];
  const lost: string[] = [];
  let bytes: number | undefined = 0;
  for (const source of instruction.sources) {
    const text = expand(walk, source, breaks);
    const found = text.known
      ? sourceItems(walk, instruction, source, text.value, reason, breaks)
      : { items: [], unknown: text.why };
    items.push(...found.items);
    bytes = found.bytes === undefined || bytes === undefined ? undefined : bytes + found.bytes;
    if (found.unknown !== undefined) {
      undecided(walk.build, { ...reason, text: found.unknown });
      // A single file of a known name says nothing about the rest of the destination.
      if (!found.items.some((item) => /\.[A-Za-z0-9]+$|^uvx?$|^[a-z]+lock$/.test(item.name))) lost.push(found.unknown);
    }
  }
  for (const heredoc of instruction.heredocSources) {
    const text: Fact<string> = heredoc.expand
      ? expand(walk, { text: heredoc.content, span: heredoc.contentSpan }, breaks)
      : { known: true, value: heredoc.content, because: [] };
    const content = text.known ? { content: () => text.value, size: new TextEncoder().encode(text.value).length } : {};
    const entry = { type: 'file', mode: 0o644, uid: 0, gid: 0, ...content, origin: reason } as const;
    const node = { state: 'present', type: 'file', entry, because: [reason], stamp: 0, sealed: 0 } as const;
    items.push({ name: heredoc.name, tree: { node, assumed: false }, keepOwner: false, wildcard: false });
  }
  fileAbove(walk, to.value, placeOf(walk, instruction.destination), reason, breaks);
  const effects: string[] = [];
  const after = write(walk, instruction, to.value, items, lost, reason, effects, breaks);
  advance(walk, instruction, after, {
    breaks,
    effects,
    ...(bytes === undefined ? {} : { bytes }),
    ...(lost[0] === undefined ? {} : { unmodelled: lost[0] }),
  });
}

function sourceItems(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  word: Word,
  source: string,
  reason: Reason,
  breaks: Break[],
): { items: readonly Item[]; bytes?: number; unknown?: string } {
  if (instruction.keyword === 'ADD' && isRemote(source)) return addRemote(instruction, source, reason);
  const exclude = instruction.exclude.map((flag) =>
    expand(walk, { text: flag.value ?? '', span: flag.valueSpan }, breaks),
  );
  const patterns = exclude.map((fact) => (fact.known ? fact.value : '**'));
  if (exclude.some((fact) => !fact.known)) return { items: [], unknown: '--exclude depends on a variable' };
  const from = instruction.keyword === 'COPY' ? instruction.from?.value : undefined;
  const other = from === undefined || from === '' ? undefined : copySource(walk, instruction, breaks);
  if (other && other.kind !== 'context') return other.items(source, word, patterns);
  const context = other?.kind === 'context' ? other.context : walk.build.context;
  const parents = instruction.keyword === 'COPY' && instruction.parents;
  const found: CopySources = context.copySources(source, { parents, exclude: patterns });
  if (found.kind === 'unknown') return { items: [], unknown: found.why };
  if (found.kind === 'missing') {
    breaks.push(refuse(walk, sourceMissing(context, source, found, placeOf(walk, word), reason)));
    // As if repaired: something of that name arrives.
    const open = { ...reason, text: `${source} is not in the build context` };
    const node = { state: 'present', because: [reason], open, stamp: 0, sealed: 0 } as const;
    const name = source.replace(/\/+$/, '').replace(/^.*\//, '');
    const item: Item = { name, tree: { node, assumed: false }, keepOwner: false, wildcard: false, vague: 'anything' };
    return { items: /[.*]$/.test(name) || name === '' ? [] : [item], unknown: open.text };
  }
  const items: Item[] = [];
  let bytes = 0;
  for (const one of found.sources) {
    if (instruction.keyword === 'ADD' && isArchive(context, one.path, instruction)) {
      items.push(addArchive(one.name, reason));
      continue;
    }
    const made = contextNode(context, one.entries(), reason);
    if (!made) continue;
    bytes += made.bytes;
    items.push({
      name: one.name,
      tree: { node: made.node, assumed: false },
      keepOwner: false,
      wildcard: found.wildcard,
      ...(made.node.type === 'directory' ? { leftOut: leftOut(context, one.path) } : {}),
    });
  }
  return { items, bytes };
}

/** A file where a folder would have to be. */
function fileAbove(walk: StageWalk, to: Destination, at: Place, reason: Reason, breaks: Break[]): void {
  const found = fileOnTheWay(walk.state.tree.root, to.path);
  // Only with a slash at the end the destination itself has to be a folder.
  if (!found || (found.real === walk.state.tree.locate(to.path, true).real && !to.folder)) return;
  const text = `${found.real} is a file, so nothing can be copied to ${to.path}`;
  const because = [reason, ...found.because];
  const failure = { at, subject: found.real, text, because, says: 'not a directory' };
  breaks.push(refuse(walk, { kind: 'copy-destination-conflict', ...failure }));
}

function write(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  to: Destination,
  items: readonly Item[],
  lost: readonly string[],
  reason: Reason,
  effects: string[],
  breaks: Break[],
): StageWalk['state'] {
  const edit = new TreeEdit(walk.state.tree, reason);
  for (const item of items) {
    const into = intoFolder(to, existingAt(edit.tree, to.path), item);
    const folder = item.tree.node.type === 'directory' || item.vague === 'contents';
    const path = folder || !into ? to.path : `${to.path === '/' ? '' : to.path}/${item.name}`;
    // A link that the destination names is followed; one that lies in the destination under the file's name is replaced.
    const inside = folder || !into ? undefined : edit.tree.locate(to.path, true).real;
    const real = inside === undefined ? edit.tree.locate(path, true).real : joinPath(inside, item.name);
    const options = { ...to.options, keepOwner: item.keepOwner && !to.chown };
    if (into === undefined && !folder) {
      edit.doubt(edit.tree.locate(to.path, true).real, {
        ...reason,
        text: `${to.path} may be a folder or become a file`,
      });
      continue;
    }
    const onto = edit.tree.lookup(path);
    if (
      folder &&
      item.vague === undefined &&
      onto.known &&
      onto.value.presence === 'present' &&
      onto.value.type === 'file'
    ) {
      const text = `${path} is a file; a folder cannot be copied onto it`;
      const says = 'cannot copy to non-directory';
      const at = placeOf(walk, instruction.destination);
      const because = [reason, ...onto.because];
      breaks.push(refuse(walk, { kind: 'copy-destination-conflict', at, subject: path, text, because, says }));
    }
    copyNodes(edit, folder ? rootOf(item, to) : item.tree, real, options);
    for (const { path: below, because } of item.leftOut ?? [])
      absentBecause(edit, `${real === '/' ? '' : real}/${below}`, because);
    effects.push(`writes ${path}${folder ? '/' : ''}`);
  }
  let state = withFields(walk.state, { tree: edit.tree });
  if (to.vagueOwner || to.vagueMode) {
    const more = change(state, reason);
    if (to.vagueOwner) more.chown(to.path, to.uid ?? null, to.gid ?? null, { recursive: true });
    if (to.vagueMode) more.chmod(to.path, () => undefined, true);
    ({ state } = more);
  }
  if (lost.length > 0) state = change(state, reason).assumeBelow(to.path, lost[0] ?? '').state;
  return state;
}

/** Whether a file goes into the destination under its own name. Undefined: it depends on what is there. */
function intoFolder(to: Destination, existing: Existing, item: Item): boolean | undefined {
  // Several sources change nothing: without a folder each overwrites the one before (measured, BuildKit of Docker 28.5).
  if (to.folder) return true;
  if (existing.known) return existing.value === 'folder';
  const name = to.path.slice(to.path.lastIndexOf('/') + 1);
  // A name like that of a file, in a folder that is not listed: a folder of that name would be very odd.
  return name === item.name || /\.[A-Za-z0-9]+$/.test(name) ? false : undefined;
}

/** A folder's contents are copied: the destination, when it has to be made, is not a copy of the folder itself. */
function rootOf(item: Item, to: Destination): Subtree {
  const { entry: _, partial: __, ...node } = item.tree.node;
  const { origin } = to.options.uid === undefined ? { origin: undefined } : { origin: node.because[0] };
  const owner = { uid: to.options.uid ?? 0, gid: to.options.gid ?? 0 };
  if (!origin) return item.tree;
  return { ...item.tree, node: { ...node, entry: { type: 'directory', mode: 0o755, ...owner, origin } } };
}
