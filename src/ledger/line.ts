import { digestOf } from './digest.ts';
import type { Entry, EvidenceId } from './entry.ts';
import type { Stored } from './ledger.ts';

const kinds = new Set(['measurement', 'prediction', 'assumption', 'not-measured']);

/** An entry as the file holds it, with the id that follows from it. */
export function writeLine(entry: Entry, mask: (text: string) => string): { line: string; stored: Stored } {
  const masked = maskedStrings(entry, mask) as Entry;
  const line = JSON.stringify(masked);
  return { line, stored: { id: digestOf(line) as EvidenceId, entry: masked } };
}

/** The entry of a line, or why it is none. */
export function readLine(line: string): Stored | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return 'is not JSON (cut off while it was written?)';
    throw error;
  }
  const entry = value as Partial<Entry> | null;
  if (
    typeof entry !== 'object' ||
    entry === null ||
    typeof entry.measure !== 'string' ||
    typeof entry.run !== 'string' ||
    typeof entry.text !== 'string' ||
    !kinds.has(entry.kind ?? '') ||
    typeof entry.subject !== 'object'
  ) {
    return 'is JSON, but no entry of a ledger';
  }
  return { id: digestOf(line) as EvidenceId, entry: entry as Entry };
}

/** Digests and ids are left alone: they are hex and never secret. */
function maskedStrings(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return /^(?:sha256:)?[0-9a-f]{64}$/.test(value) ? value : mask(value);
  if (Array.isArray(value)) return value.map((item) => maskedStrings(item, mask));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskedStrings(item, mask)]));
  }
  return value;
}
