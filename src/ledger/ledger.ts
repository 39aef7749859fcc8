import type { Digest } from '../repo/repo.ts';
import type { Entry, EvidenceId } from './entry.ts';

/** The ledger could not take or give something: a full disk, a folder that may not be written. */
export interface LedgerFault {
  readonly fault: string;
  readonly file: string;
  readonly remedy: string;
}

/** A line of the file that is no entry: a crash while it was written, or somebody's hand. */
export interface BrokenLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface Stored {
  readonly id: EvidenceId;
  readonly entry: Entry;
}

/** Append-only evidence. */
export interface Ledger {
  /** Stores an entry, secrets masked, and gives its id: the only place where one is minted. `at` is set here. */
  append(entry: Omit<Entry, 'at'>): EvidenceId | LedgerFault;
  /** Stores a log, secrets masked, and gives its digest. The same text is stored once. */
  putLog(text: string): Digest | LedgerFault;
  log(digest: Digest): string | undefined;
  /** All entries in the order in which they were appended; broken lines are skipped. */
  entries(): readonly Stored[];
  /** Lines that are no entries. */
  broken(): readonly BrokenLine[];
  /** Hides a value in everything stored from now on. */
  hide(value: string): void;
  /** The mask itself, for what is printed. */
  readonly mask: (text: string) => string;
}

export function isFault(value: unknown): value is LedgerFault {
  return typeof value === 'object' && value !== null && 'fault' in value && 'remedy' in value;
}
