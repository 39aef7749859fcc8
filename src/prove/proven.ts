import { digestOf } from '../ledger/digest.ts';
import type { Entry, EvidenceId } from '../ledger/entry.ts';
import type { Stored } from '../ledger/ledger.ts';
import type { Repo } from '../repo/repo.ts';
import type { ProvablePart, ProvenPart } from './options.ts';

type Recorded = { readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> };

/** Measures that every part needs, whatever it says: the images build and the stack becomes healthy. */
const always = ['image.builds', 'stack.healthy'];

/** What a part's proof comes to. A measure that was not taken proves nothing; a good value beside an unmet demand neither. */
export function judgePart(
  part: ProvablePart,
  after: readonly Recorded[],
): { proven: boolean; evidence: EvidenceId[]; text: string } {
  const evidence: EvidenceId[] = [];
  const wrong: string[] = [];
  for (const wanted of new Set([...always, ...part.mustMeasure])) {
    const [service, measure] = wanted.includes(':') ? (wanted.split(':') as [string, string]) : [undefined, wanted];
    const rows = after.filter(
      ({ entry }) =>
        entry.measure === measure &&
        (service === undefined || entry.subject.service === service) &&
        entry.subject.side === 'after',
    );
    const good = rows.filter(
      ({ entry }) => entry.kind === 'measurement' && entry.value !== false && entry.budget?.met !== false,
    );
    const needed = service === undefined ? rows.filter(({ entry }) => entry.kind === 'measurement') : rows;
    if (good.length === 0) wrong.push(`${wanted} was not measured`);
    else if (good.length < needed.length) wrong.push(`${wanted} does not hold`);
    evidence.push(...good.map(({ id }) => id));
  }
  return {
    proven: wrong.length === 0,
    evidence,
    text: wrong.length === 0 ? `shown to work by ${evidence.length} measurements` : wrong.join('; '),
  };
}

/** Digest of what a part writes: its proof holds for exactly this text. */
export function partDigest(part: ProvablePart, after: Repo): string {
  return digestOf(part.id, ...[...part.files].sort().flatMap((file) => [file, after.bytes(file) ?? '(removed)']));
}

/** The parts of a plan that the ledger has shown to work, with exactly the text that they would write now: for
 * `refit --write --proven`. */
export function provenParts(entries: readonly Stored[], parts: readonly ProvablePart[], after: Repo): ProvenPart[] {
  return parts.flatMap((part) => {
    if (part.tier === 'safe') return [];
    const last = entries.findLast(({ entry }) => entry.measure === `part:${part.id}`);
    if (last?.entry.value !== true || last.entry.subject.inputs !== partDigest(part, after)) return [];
    return [{ id: part.id, evidence: [last.id, ...((last.entry.evidence ?? []) as EvidenceId[])] }];
  });
}
