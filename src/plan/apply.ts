import { overlay } from '../repo/overlay.ts';
import type { Repo } from '../repo/repo.ts';
import { applyEdits, type Edit } from '../text/edit.ts';
import type { Part, Plan, Tier } from './plan.ts';

/** One file before and after. An absent text: the file is not there. */
export interface FileChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Permission bits that the file has afterwards (or had, when it is deleted). */
  readonly mode: number;
}

export interface Selection {
  /** Tiers to apply; default both. */
  readonly tiers?: readonly Tier[];
  /** Only parts that answer one of these rules. */
  readonly only?: readonly string[];
  /** Only these parts, by id. */
  readonly parts?: readonly string[];
}

export interface Applied {
  /** The repository as it would be. */
  readonly repo: Repo;
  /** Files that differ, sorted by path. */
  readonly files: readonly FileChange[];
  /** Ids of the parts that went in. */
  readonly applied: readonly string[];
  /** Parts of the selection that did not, with why. */
  readonly dropped: readonly { readonly part: string; readonly why: string }[];
}

/** Applies a selection of a plan to the repository it was made for. Pure: nothing is written anywhere. A part goes in as a
 * whole or not at all; where two want the same lines the earlier one wins, except that a part which writes a whole file
 * takes the place of smaller edits of that file. */
export function applyPlan(repo: Repo, plan: Plan, selection: Selection = {}): Applied {
  const dropped: { part: string; why: string }[] = [];
  let chosen = plan.parts.filter((part) => isSelected(part, selection));
  chosen = withNeeds(chosen, dropped);
  const writer = new Map<string, string>();
  for (const part of chosen)
    for (const write of part.writes) if (!writer.has(write.file)) writer.set(write.file, part.id);

  const edits = new Map<string, Edit[]>();
  const writes = new Map<string, { text: string; mode: number | undefined }>();
  const applied: string[] = [];
  for (const part of chosen) {
    const problem = conflictOf(repo, part, writer, edits);
    if (problem !== undefined) {
      dropped.push({ part: part.id, why: problem });
      continue;
    }
    for (const edit of part.edits) edits.set(edit.file, [...(edits.get(edit.file) ?? []), edit]);
    for (const write of part.writes) writes.set(write.file, { text: write.text, mode: write.mode });
    applied.push(part.id);
  }
  const files = changes(repo, edits, writes);
  const whole = files.map((file): Edit => wholeFile(file));
  return { repo: overlay(repo, whole), files, applied, dropped };
}

function isSelected(part: Part, selection: Selection): boolean {
  if (selection.tiers !== undefined && !selection.tiers.includes(part.tier)) return false;
  if (selection.parts !== undefined && !selection.parts.includes(part.id)) return false;
  return selection.only === undefined || selection.only.some((rule) => part.rules.includes(rule));
}

function withNeeds(parts: readonly Part[], dropped: { part: string; why: string }[]): Part[] {
  let left = [...parts];
  for (;;) {
    const ids = new Set(left.map((part) => part.id));
    const missing = (part: Part): string | undefined => part.needs?.find((id) => !ids.has(id));
    const next = left.filter((part) => missing(part) === undefined);
    if (next.length === left.length) return next;
    for (const part of left) {
      const need = missing(part);
      if (need !== undefined) dropped.push({ part: part.id, why: `it needs ${need}, which is not applied` });
    }
    left = next;
  }
}

function conflictOf(
  repo: Repo,
  part: Part,
  writer: ReadonlyMap<string, string>,
  taken: ReadonlyMap<string, readonly Edit[]>,
): string | undefined {
  for (const file of new Set([...part.edits, ...part.writes].map((change) => change.file))) {
    const problem = unwritable(repo, file);
    if (problem !== undefined) return problem;
    const other = writer.get(file);
    if (other !== undefined && other !== part.id) return `${other} writes ${file} anew and takes its place`;
  }
  for (const edit of part.edits) {
    const others = taken.get(edit.file) ?? [];
    const own = part.edits.filter((item) => item !== edit && item.file === edit.file);
    if (others.some((item) => overlaps(item, edit))) return `another part changes the same lines of ${edit.file}`;
    if (own.some((item) => overlaps(item, edit)))
      throw new RangeError(`part ${part.id} overlaps itself in ${edit.file}`);
  }
  return undefined;
}

/** Two insertions at one place do not disturb one another, nor does one behind what another replaces. An insertion where
 * another replaces would be ambiguous, and a deleted file leaves nothing to edit. */
function overlaps(a: Edit, b: Edit): boolean {
  if (a.delete === true || b.delete === true) return true;
  if (a.start === b.start && (a.end > a.start || b.end > b.start)) return true;
  return a.start < b.end && b.start < a.end;
}

/** Why a file must not be edited, or undefined. Text that does not come back as the same bytes (Latin-1) would be changed
 * in places that nobody asked for. */
function unwritable(repo: Repo, file: string): string | undefined {
  const entry = repo.entry(file);
  if (entry === undefined) return undefined;
  if (entry.type !== 'file') return `${file} is no plain file`;
  const text = repo.text(file);
  const bytes = repo.bytes(file);
  if (text === undefined || bytes === undefined) return `${file} cannot be read as text`;
  const back = new TextEncoder().encode(text);
  return back.length === bytes.length && back.every((byte, index) => byte === bytes[index])
    ? undefined
    : `${file} is not UTF-8`;
}

function changes(
  repo: Repo,
  edits: ReadonlyMap<string, readonly Edit[]>,
  writes: ReadonlyMap<string, { readonly text: string; readonly mode: number | undefined }>,
): FileChange[] {
  const out: FileChange[] = [];
  for (const path of [...new Set([...edits.keys(), ...writes.keys()])].sort()) {
    const entry = repo.entry(path);
    const before = entry === undefined ? undefined : repo.text(path);
    const write = writes.get(path);
    const list = edits.get(path) ?? [];
    const gone = list.some((edit) => edit.delete === true);
    const after = gone ? undefined : (write?.text ?? applyEdits(before ?? '', list));
    if (before === after) continue;
    const mode = entry?.mode ?? write?.mode ?? 0o644;
    out.push({ path, mode, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
  }
  return out;
}

function wholeFile(file: FileChange): Edit {
  const end = file.before?.length ?? 0;
  if (file.after === undefined) return { file: file.path, start: 0, end, text: '', delete: true };
  return { file: file.path, start: 0, end, text: file.after };
}
