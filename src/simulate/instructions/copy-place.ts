import type { AddInstruction, CopyInstruction } from '../../dockerfile/types.ts';
import { type Fact, known } from '../../facts/fact.ts';
import type { CopyOptions } from '../copy-nodes.ts';
import { resolveUser } from '../identity.ts';
import type { ImageTree } from '../image-tree.ts';
import type { FileEntry } from '../state.ts';
import type { Break } from '../trace.ts';
import { absolute } from './settings.ts';
import { because, expand, placeOf, refuse, type StageWalk } from './stage-walk.ts';

/** Where a COPY or ADD writes to and as whom. */
export interface Destination {
  /** Absolute, without the trailing slash. */
  readonly path: string;
  /** Written with a trailing slash (or `.`): a folder for certain. */
  readonly folder: boolean;
  /** Owner and mode of what is copied; `vagueOwner`, `vagueMode`: set by a flag whose value is not known. */
  readonly options: CopyOptions;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly vagueOwner: boolean;
  readonly vagueMode: boolean;
  readonly chown: boolean;
  readonly modeOf: ((entry: Pick<FileEntry, 'mode' | 'type'>) => number) | undefined;
}

/** What is known to be at a destination: a folder, something else, nothing. */
export type Existing = Fact<'folder' | 'other' | 'nothing'>;

export function existingAt(tree: ImageTree, path: string): Existing {
  const found = tree.lookup(path);
  if (!found.known) return found;
  const { presence, type } = found.value;
  const what = presence === 'absent' ? 'nothing' : type === 'directory' ? 'folder' : 'other';
  return known(what, ...found.because);
}

/** Reads destination, `--chown` and `--chmod`. Unknown when the path is. */
export function destination(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  breaks: Break[],
): Fact<Destination> {
  const written = expand(walk, instruction.destination, breaks);
  const path = absolute(walk, written);
  if (!path.known || !written.known) return path.known ? (written as Fact<never>) : path;
  const folder = /(^|\/)\.?$/.test(written.value) || written.value.endsWith('/..');
  const owner = ownerOf(walk, instruction, breaks);
  const mode = modeFlag(walk, instruction, breaks);
  // Folders made on the way get what --chown and --chmod say, too.
  const created = {
    mode: mode.of?.({ type: 'directory', mode: 0o755 }) ?? 0o755,
    uid: owner.uid ?? 0,
    gid: owner.gid ?? 0,
  };
  const options: CopyOptions = {
    uid: owner.uid ?? 0,
    gid: owner.gid ?? 0,
    parents: created,
    overwriteDirectories: true,
    ...(mode.of ? { mode: mode.of } : {}),
  };
  return known(
    {
      path: path.value,
      folder,
      options,
      uid: owner.uid,
      gid: owner.gid,
      vagueOwner: owner.vague,
      vagueMode: mode.vague,
      chown: instruction.chown !== undefined,
      modeOf: mode.of,
    },
    ...path.because,
  );
}

function ownerOf(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  breaks: Break[],
): { uid: number | undefined; gid: number | undefined; vague: boolean } {
  const flag = instruction.chown;
  if (flag?.value === undefined || flag.value === '') return { uid: undefined, gid: undefined, vague: false };
  const text = expand(walk, { text: flag.value, span: flag.valueSpan }, breaks);
  if (!text.known) return { uid: undefined, gid: undefined, vague: true };
  const found = resolveUser(walk.state, text.value, 'same');
  // BuildKit does not stop at a name that the image's files do not have: the owner is root (measured, Docker 28.5). Only where
  // there is no file system yet it has nothing to look into.
  const nothing =
    walk.stage.from.image.text === 'scratch' && ![...walk.state.tree.entries()].some(([path]) => path !== '/');
  if (found.missing && !nothing) {
    const uid = found.uid.known ? found.uid.value : 0;
    const gid = found.gid.known ? found.gid.value : walk.state.groups.known ? 0 : undefined;
    return { uid, gid, vague: gid === undefined };
  }
  if (found.missing) {
    const [user = '', group = ''] = text.value.split(':');
    const name = found.missing === 'user' ? user : group;
    const reasons = found.missing === 'user' ? walk.state.users.because : walk.state.groups.because;
    breaks.push(
      refuse(walk, {
        kind: 'user-unknown',
        at: placeOf(walk, { span: flag.span }),
        subject: name,
        text: `--chown=${text.value}: there is no ${found.missing} ${name} in the image at this line`,
        because: [because(instruction), ...reasons],
        says: `invalid ${found.missing} index: -1`,
        detail: { [found.missing]: name },
      }),
    );
  }
  const uid = found.uid.known ? found.uid.value : undefined;
  const gid = found.gid.known ? found.gid.value : undefined;
  return { uid, gid, vague: uid === undefined || gid === undefined };
}

function modeFlag(
  walk: StageWalk,
  instruction: CopyInstruction | AddInstruction,
  breaks: Break[],
): { of: ((entry: Pick<FileEntry, 'mode' | 'type'>) => number) | undefined; vague: boolean } {
  const flag = instruction.chmod;
  if (flag?.value === undefined || flag.value === '') return { of: undefined, vague: false };
  const text = expand(walk, { text: flag.value, span: flag.valueSpan }, breaks);
  if (!text.known || !/^[0-7]{1,4}$/.test(text.value)) return { of: undefined, vague: true };
  const mode = Number.parseInt(text.value, 8);
  return { of: () => mode, vague: false };
}
