import type { Digest } from '../repo/repo.ts';
import type { Edit } from '../text/edit.ts';
import type { Place } from '../text/place.ts';

/** `safe`: follows from known facts and changes nothing but the fault. `unproven`: could break an application (another
 * user, a read-only root, dropped capabilities, another base), so `prove` must have run it before it is applied. */
export type Tier = 'safe' | 'unproven';

/** A file that is written as a whole: new, or replaced. */
export interface FileWrite {
  readonly file: string;
  readonly text: string;
  /** Permission bits of a new file (0o644 when absent); a replaced file keeps its own. */
  readonly mode?: number;
}

/** One change that a person would review as one thing. */
export interface Part {
  /** Stable within a repository: `dockerfile:api/Dockerfile`. */
  readonly id: string;
  /** What it does, as a commit's subject would say it. */
  readonly title: string;
  readonly why: string;
  readonly tier: Tier;
  /** Measures of `prove` that must hold before an unproven part is applied. */
  readonly mustMeasure: readonly string[];
  /** Rules whose findings it answers. */
  readonly rules: readonly string[];
  /** Small changes by span; may delete a file. */
  readonly edits: readonly Edit[];
  readonly writes: readonly FileWrite[];
  /** Parts without which this one would not work: it is left out when they are. */
  readonly needs?: readonly string[];
}

/** A file that was looked at and is left as it is, with the reason in a sentence. */
export interface LeftAlone {
  readonly file: string;
  readonly why: string;
  readonly at?: Place;
}

/** All changes that Plimsoll proposes for one state of a repository. */
export interface Plan {
  /** The state it was made for. */
  readonly digest: Digest;
  readonly parts: readonly Part[];
  readonly leftAlone: readonly LeftAlone[];
}

/** Gives a part its empty fields. */
export function part(fields: Omit<Part, 'edits' | 'writes' | 'mustMeasure' | 'rules'> & Partial<Part>): Part {
  return { edits: [], writes: [], mustMeasure: [], rules: [], ...fields };
}

/** The files that a part changes, sorted. */
export function filesOf(part: Part): readonly string[] {
  return [...new Set([...part.edits.map((edit) => edit.file), ...part.writes.map((write) => write.file)])].sort();
}
