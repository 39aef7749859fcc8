import type { Presence, Reason } from '../facts/fact.ts';
import { PersistentMap } from './persistent-map.ts';
import type { FileEntry } from './state.ts';

/** From a moment on, anything below a directory may have been created, changed or removed. */
export interface Doubt {
  readonly stamp: number;
  readonly reason: Reason;
}

/** One path of an image as stored. What it means also depends on newer doubts of the directories above: see `locate`. */
export interface Node {
  readonly state: Presence | 'unknown';
  readonly type?: FileEntry['type'];
  readonly entry?: FileEntry;
  /** What is known of a path that may have existed before it was written: no full entry can be given. */
  readonly partial?: Partial<FileEntry>;
  /** Names seen in a directory, removed ones (absent nodes) too. */
  readonly children?: PersistentMap<Node>;
  /** Why names never seen here are unknown. Without it they are absent. */
  readonly open?: Reason;
  /** Why the state is what it is: the line that wrote or removed it, the base image. */
  readonly because: readonly Reason[];
  /** Doubts not newer than this do not touch the node itself. */
  readonly stamp: number;
  /** Doubts not newer than this do not touch names never seen here. */
  readonly sealed: number;
  readonly doubt?: Doubt;
}

export const noChildren: PersistentMap<Node> = PersistentMap.empty<Node>();

/** Longest path a Linux kernel takes; longer ones are never stored. */
export const PATH_MAX = 4096;

export function newDirectory(entry: FileEntry, stamp: number, because: readonly Reason[]): Node {
  return { state: 'present', type: 'directory', entry, children: noChildren, because, stamp, sealed: stamp };
}

export function newLeaf(entry: FileEntry, stamp: number, because: readonly Reason[]): Node {
  return { state: 'present', type: entry.type, entry, because, stamp, sealed: stamp };
}

export function gone(stamp: number, because: readonly Reason[]): Node {
  return { state: 'absent', because, stamp, sealed: stamp };
}

/** A directory that must exist but was never seen: owner, mode and what else is in it are not known. */
export function vagueDirectory(stamp: number, reason: Reason, because: readonly Reason[]): Node {
  return {
    state: 'present',
    type: 'directory',
    children: noChildren,
    open: reason,
    because,
    stamp,
    sealed: stamp,
  };
}

/** Components of a path without empty ones and `.`; `..` stays. */
export function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** Absolute, without `.`, `..` and double slashes; lexical, as BuildKit cleans paths. */
export function cleanPath(path: string): string {
  const out: string[] = [];
  for (const part of splitPath(path)) {
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

/** `path` taken from the directory `base`, cleaned. */
export function joinPath(base: string, path: string): string {
  return cleanPath(path.startsWith('/') ? path : `${base}/${path}`);
}
