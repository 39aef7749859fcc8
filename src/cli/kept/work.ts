import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeptWork } from '../../text/kept.ts';
import { writeKept } from './write.ts';

/** Bytes above which only what this run used is kept. */
const LARGEST = 64e6;
const NEWLINE = 10;

/** What was worked out for one repository, in one file: a line of JSON with names and lengths in bytes, then the values as JSON, one
 * after the other. Only those asked for are decoded. */
export class WorkFile implements KeptWork {
  readonly #file: string;
  readonly #read: ReadonlyMap<string, Buffer>;
  readonly #used = new Map<string, Buffer>();
  readonly #made = new Map<string, () => unknown>();
  readonly #digests = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
    this.#read = readWork(file);
  }

  readonly digest = (content: string | Uint8Array): string => {
    if (typeof content !== 'string') return hash('sha1', content, 'base64url');
    let digest = this.#digests.get(content);
    if (digest === undefined) {
      digest = hash('sha1', content, 'base64url');
      this.#digests.set(content, digest);
    }
    return digest;
  };

  find(name: string): unknown {
    const bytes = this.#read.get(name);
    if (!bytes) return undefined;
    try {
      const value: unknown = JSON.parse(bytes.toString());
      this.#used.set(name, bytes);
      return value;
    } catch {
      // Damaged: worked out again, and kept again.
      return undefined;
    }
  }

  keep(name: string, value: () => unknown): void {
    this.#made.set(name, value);
  }

  save(): void {
    if (this.#made.size === 0) return;
    for (const [name, value] of this.#made) this.#used.set(name, Buffer.from(JSON.stringify(value())));
    const all = new Map([...this.#read, ...this.#used]);
    const kept = bytesOf(all) <= LARGEST ? all : this.#used;
    if (bytesOf(kept) > LARGEST) return;
    const index = JSON.stringify([...kept].map(([name, bytes]) => [name, bytes.length]));
    writeKept(this.#file, [Buffer.from(`${index}\n`), ...kept.values()]);
  }
}

/** The name of a repository's file. */
export function workName(directory: string): string {
  return `${hash('sha1', directory, 'hex').slice(0, 20)}.work`;
}

function bytesOf(values: ReadonlyMap<string, Buffer>): number {
  let sum = 0;
  for (const bytes of values.values()) sum += bytes.length;
  return sum;
}

function readWork(file: string): ReadonlyMap<string, Buffer> {
  const values = new Map<string, Buffer>();
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf(NEWLINE);
    let at = end + 1;
    for (const [name, length] of JSON.parse(bytes.toString('utf8', 0, end)) as readonly (readonly [string, number])[]) {
      values.set(name, bytes.subarray(at, at + length));
      at += length;
    }
    return values;
  } catch {
    // Not kept yet, or damaged: everything is worked out again.
    return new Map();
  }
}
