import type { IgnorePattern } from '../../dockerfile/ignore-file.ts';
import type { BuildContext } from './build-context.ts';
import { type SecretFile, secretFile } from './secret-files.ts';

/** What would be sent to the builder. Sizes are bytes. */
export interface ContextReport {
  readonly context: string;
  readonly dockerfile: string;
  readonly ignoreFile?: string;
  /** A `.dockerignore` that has no effect. */
  readonly shadowed?: string;
  /** Set when nothing can be said. */
  readonly unknown?: string;
  readonly files: number;
  readonly bytes: number;
  /** Every file, biggest first. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
  /** The folders directly in the context, with everything below, biggest first; `.` stands for loose files. */
  readonly folders: readonly { readonly path: string; readonly files: number; readonly bytes: number }[];
  readonly excluded: readonly {
    readonly path: string;
    readonly directory: boolean;
    readonly pattern: string;
    readonly file: string;
    readonly line: number;
  }[];
  /** Patterns that keep nothing out and take nothing back in. */
  readonly unusedPatterns: readonly { readonly pattern: string; readonly file: string; readonly line: number }[];
  readonly secrets: readonly SecretFile[];
  /** Sent from this machine, but not part of a fresh clone. */
  readonly localOnly: readonly string[];
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

export function contextReport(context: BuildContext): ContextReport {
  const files: { path: string; bytes: number }[] = [];
  const folders = new Map<string, { files: number; bytes: number }>();
  const secrets: SecretFile[] = [];
  const localOnly: string[] = [];
  const used = new Set<number>();
  let bytes = 0;
  for (const { path, entry } of context.sent()) {
    const by = context.ignored(path).by;
    if (by !== undefined) used.add(by.index);
    if (entry.type === 'directory') continue;
    files.push({ path, bytes: entry.size });
    bytes += entry.size;
    const slash = path.indexOf('/');
    const top = slash === -1 ? '.' : path.slice(0, slash);
    const sum = folders.get(top) ?? { files: 0, bytes: 0 };
    folders.set(top, { files: sum.files + 1, bytes: sum.bytes + entry.size });
    const secret =
      entry.type === 'file' && !path.includes('node_modules/') ? secretFile(context.repo, entry.path) : undefined;
    if (secret !== undefined) secrets.push({ ...secret, path });
    const found = context.lookup(path);
    if (found.status === 'sent' && found.localOnly === true) localOnly.push(path);
  }
  const excluded: ContextReport['excluded'][number][] = [];
  for (const { path, entry, by } of context.excluded()) {
    used.add(by.index);
    const { file, line } = by.place;
    excluded.push({ path, directory: entry.type === 'directory', pattern: by.written, file, line });
  }
  const ignore = context.ignore;
  const unused = (ignore?.patterns ?? []).filter((pattern) => !used.has(pattern.index));
  return {
    context: context.dir === '' ? '.' : context.dir,
    dockerfile: context.dockerfile,
    ...(ignore === undefined ? {} : { ignoreFile: ignore.file }),
    ...(context.shadowed === undefined ? {} : { shadowed: context.shadowed }),
    ...(context.why === undefined ? {} : { unknown: context.why }),
    files: files.length,
    bytes,
    largest: files.sort((a, b) => b.bytes - a.bytes || compare(a.path, b.path)),
    folders: [...folders]
      .map(([path, sum]) => ({ path, ...sum }))
      .sort((a, b) => b.bytes - a.bytes || compare(a.path, b.path)),
    excluded: excluded.sort((a, b) => compare(a.path, b.path)),
    unusedPatterns: unused.map(placed),
    secrets,
    localOnly: localOnly.sort(compare),
    problems: context.problems.map((problem) => ({ line: problem.at.line, text: problem.text })),
  };
}

function placed(pattern: IgnorePattern) {
  return { pattern: pattern.written, file: pattern.place.file, line: pattern.place.line };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What changes between two contexts, for instance by a refit. */
export interface ContextDiff {
  readonly added: readonly { readonly path: string; readonly bytes: number }[];
  readonly removed: readonly { readonly path: string; readonly bytes: number }[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly filesBefore: number;
  readonly filesAfter: number;
}

export function diffContexts(before: ContextReport, after: ContextReport): ContextDiff {
  const old = new Map(before.largest.map((file) => [file.path, file.bytes]));
  const now = new Set(after.largest.map((file) => file.path));
  return {
    added: after.largest.filter((file) => !old.has(file.path)),
    removed: before.largest.filter((file) => !now.has(file.path)),
    bytesBefore: before.bytes,
    bytesAfter: after.bytes,
    filesBefore: before.files,
    filesAfter: after.files,
  };
}
