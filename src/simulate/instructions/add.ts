import type { AddInstruction } from '../../dockerfile/types.ts';
import type { Reason } from '../../facts/fact.ts';
import type { BuildContext } from '../context/build-context.ts';
import { type Node, noChildren } from '../node.ts';
import type { Item } from './copy.ts';

const GIT = /^(git@|git:\/\/|ssh:\/\/)|^https?:\/\/[^?#]*\.git([#?]|$)/;

export function isRemote(source: string): boolean {
  return /^https?:\/\//.test(source) || GIT.test(source);
}

/** What ADD fetches: a file whose text nobody knows, or a repository. */
export function addRemote(instruction: AddInstruction, source: string, origin: Reason): { items: readonly Item[] } {
  const because = [origin];
  if (GIT.test(source)) return { items: [contents('', origin)] };
  const path = source.replace(/[?#].*$/, '').replace(/^https?:\/\/[^/]*/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (instruction.unpack === true) return { items: [contents(name, origin)] };
  const entry = { type: 'file', mode: 0o600, uid: 0, gid: 0, origin } as const;
  const node: Node = { state: 'present', type: 'file', entry, because, stamp: 0, sealed: 0 };
  return { items: [{ name, tree: { node, assumed: false }, keepOwner: false, wildcard: false }] };
}

function contents(name: string, origin: Reason): Item {
  const open = { ...origin, text: 'what the archive or repository holds is not known' };
  const entry = { type: 'directory', mode: 0o755, uid: 0, gid: 0, origin } as const;
  const node: Node = {
    state: 'present',
    type: 'directory',
    entry,
    children: noChildren,
    open,
    because: [origin],
    stamp: 0,
    sealed: 0,
  };
  return { name, tree: { node, assumed: false }, keepOwner: false, wildcard: false, vague: 'contents' };
}

export function addArchive(name: string, origin: Reason): Item {
  return contents(name, origin);
}

/** Whether ADD extracts a local file: it looks at the first bytes, not at the name. A compressed file that holds no tar is
 * told by its name. */
export function isArchive(context: BuildContext, path: string, instruction: AddInstruction): boolean {
  if (instruction.unpack === false) return false;
  const full = context.dir === '' ? path : `${context.dir}/${path}`;
  const entry = context.repo.entry(full);
  if (entry?.type !== 'file' || entry.size > 200_000_000) return false;
  if (!/\.(tar|tgz|tbz2?|txz|gz|bz2|xz|zst|tzst)$/.test(path) && entry.size > 5_000_000) return false;
  const bytes = context.repo.bytes(full);
  if (!bytes) return false;
  if (String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') return true;
  const [a, b, c] = bytes;
  const packed =
    (a === 0x1f && b === 0x8b) ||
    (a === 0x42 && b === 0x5a && c === 0x68) ||
    (a === 0xfd && b === 0x37) ||
    (a === 0x28 && b === 0xb5);
  return packed && /\.(tar\.[a-z0-9]+|tgz|tbz2?|txz|tzst)$/.test(path);
}
