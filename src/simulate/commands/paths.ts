import type { Fact, Reason } from '../../facts/fact.ts';
import type { Arg, Call, Failure } from '../command-model.ts';
import { groupsOf } from '../identity.ts';
import { simulated } from '../image.ts';
import { joinPath } from '../node.ts';
import { mayWrite } from '../reach.ts';
import type { ImageState, PathState } from '../state.ts';

/** Absolute path of an operand; unknown where the word or the directory is not known. */
export function pathOf(call: Call, arg: Arg): Fact<string> {
  return absolute(call, arg.value);
}

export function absolute(call: Call, text: Fact<string>): Fact<string> {
  if (!text.known) return text;
  if (text.value.startsWith('/')) return { ...text, value: joinPath('/', text.value) };
  if (!call.cwd.known) return call.cwd;
  return { ...text, value: joinPath(call.cwd.value, text.value), because: [...text.because, ...call.cwd.because] };
}

export type Kind = 'file' | 'directory' | 'symlink' | 'absent' | 'unknown';

/** What is at a path for certain. Something assumed counts as unknown. */
export function kindAt(state: ImageState, path: string, follow = true): Kind {
  const found = state.tree.lookup(path, { follow });
  if (!found.known || found.value.presence === 'assumed') return 'unknown';
  return found.value.presence === 'absent' ? 'absent' : (found.value.type ?? 'unknown');
}

export function entryAt(state: ImageState, path: string, follow = true): PathState | undefined {
  const found = state.tree.lookup(path, { follow });
  return found.known && found.value.presence !== 'absent' ? found.value : undefined;
}

/** Why something is absent, for the causes of a failure. */
export function because(state: ImageState, path: string): readonly Reason[] {
  return state.tree.lookup(path).because;
}

/** Text of a file where it is known. */
export function textAt(state: ImageState, path: string): string | undefined {
  const found = state.tree.lookup(path);
  return found.known && found.value.presence === 'present' ? found.value.content?.() : undefined;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Owner of what the command creates: its own ids where they are known. */
export function ownerOf(call: Call): { uid?: number; gid?: number } {
  return {
    ...(call.uid.known ? { uid: call.uid.value } : {}),
    ...(call.gid.known ? { gid: call.gid.value } : {}),
  };
}

/** Whether the command's ids are known, so that owners of new files are. */
export function idsKnown(call: Call): boolean {
  return call.uid.known && call.gid.known;
}

/** A failure when the process certainly may not create or remove entries in the nearest directory that exists above `path`. */
export function denied(call: Call, state: ImageState, path: string, program: string): Failure | undefined {
  if (!call.uid.known || call.uid.value === 0) return undefined;
  if (call.mounts.some((mount) => path === mount.target || path.startsWith(`${mount.target}/`))) return undefined;
  const gids = groupsOf(simulated(state), call.uid, call.gid);
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    const found = state.tree.lookup(folder);
    if (!found.known || found.value.presence === 'assumed') return undefined;
    if (found.value.presence === 'absent') {
      if (folder === '/') return undefined;
      continue;
    }
    if (found.value.type !== 'directory' || mayWrite(found.value.attributes, call.uid.value, gids) !== false)
      return undefined;
    return {
      kind: 'permission-denied',
      at: call.at,
      subject: path,
      text: `${program} cannot write ${path}: user ${call.uid.value} may not write in ${folder}`,
      because: [...found.because, ...call.uid.because, call.reason],
      says: 'ermission denied',
      detail: { path, folder, uid: String(call.uid.value) },
    };
  }
}

/** The failure of a command whose file is not there. */
export function noSuchFile(call: Call, state: ImageState, path: string, text: string, says: string): Failure {
  return {
    kind: 'file-missing',
    at: call.at,
    subject: path,
    text,
    because: [...because(state, path), call.reason],
    says,
    detail: { path },
  };
}
