import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Tree } from '../../source/program/ir.ts';
import type { TreeStore } from '../../source/program/kept-trees.ts';
import { writeKept } from './write.ts';

/** Bytes above which only the trees that this run used are kept. */
const LARGEST = 64e6;
const NEWLINE = 10;

/** Trees of one repository's files in one file: a line of JSON with names and lengths in bytes, then the trees as JSON, one after
 * the other. Only those asked for are decoded. */
export class TreeFile implements TreeStore {
  readonly #file: string;
  readonly #read: ReadonlyMap<string, Uint8Array>;
  readonly #used = new Map<string, Uint8Array>();
  #grown = false;

  constructor(file: string) {
    this.#file = file;
    this.#read = readTrees(file);
  }

  find(kind: string, text: string): Tree | undefined {
    const name = nameOf(kind, text);
    const bytes = this.#read.get(name);
    if (!bytes) return undefined;
    try {
      const tree = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as Tree;
      this.#used.set(name, bytes);
      return tree;
    } catch {
      // Damaged: read again from the source, and kept again.
      return undefined;
    }
  }

  keep(kind: string, text: string, tree: Tree): void {
    this.#grown = true;
    this.#used.set(nameOf(kind, text), Buffer.from(JSON.stringify(tree)));
  }

  save(): void {
    if (!this.#grown) return;
    const all = new Map([...this.#read, ...this.#used]);
    const kept = bytesOf(all) <= LARGEST ? all : this.#used;
    if (bytesOf(kept) > LARGEST) return;
    const index = JSON.stringify([...kept].map(([name, bytes]) => [name, bytes.length]));
    writeKept(this.#file, [Buffer.from(`${index}\n`), ...kept.values()]);
  }
}

/** The name of a repository's file of trees. */
export function treesName(directory: string): string {
  return `${hash('sha1', directory, 'hex').slice(0, 20)}.trees`;
}

function nameOf(kind: string, text: string): string {
  return hash('sha1', `${kind}\n${text}`, 'base64url');
}

function bytesOf(trees: ReadonlyMap<string, Uint8Array>): number {
  let sum = 0;
  for (const bytes of trees.values()) sum += bytes.length;
  return sum;
}

function readTrees(file: string): ReadonlyMap<string, Uint8Array> {
  const trees = new Map<string, Uint8Array>();
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf(NEWLINE);
    let at = end + 1;
    for (const [name, length] of JSON.parse(bytes.toString('utf8', 0, end)) as readonly (readonly [string, number])[]) {
      trees.set(name, bytes.subarray(at, at + length));
      at += length;
    }
    return trees;
  } catch {
    // Not kept yet, or damaged: everything is read from the sources.
    return new Map();
  }
}
