import { digestOf } from '../ledger/digest.ts';
import type { Entry, EvidenceId } from '../ledger/entry.ts';
import type { Stored } from '../ledger/ledger.ts';
import { isMeasure } from '../measure/names.ts';
import type { Repo } from '../repo/repo.ts';
import type { ProvablePart, ProvenPart } from './options.ts';

type Recorded = { readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> };

/** Measures that every part needs, whatever it says: the images build and the stack becomes healthy. */
const always = ['image.builds', 'stack.healthy'];

/** Services whose image a part changes: those built from a file that it writes, or with one in their context. A part that
 * changes no image (a compose file) concerns everything that the repository builds. */
export function concernedServices(
  part: ProvablePart,
  builds: ReadonlyMap<string, { readonly dockerfile: string; readonly context: string }>,
): ReadonlySet<string> {
  const compose = part.files.some((file) => /(^|\/)(docker-)?compose[^/]*\.ya?ml$/.test(file));
  const own = [...builds].filter(([, { dockerfile, context }]) =>
    part.files.some((file) => file === dockerfile || (context !== '' && file.startsWith(`${context}/`))),
  );
  return new Set((compose || own.length === 0 ? [...builds] : own).map(([name]) => name));
}

export interface Judged {
  readonly proven: boolean;
  /** Something was measured and does not hold; otherwise, when not proven, something was not measured. */
  readonly broken: boolean;
  readonly evidence: readonly EvidenceId[];
  readonly text: string;
}

/** What a part's proof comes to. A measure that was not taken proves nothing; a good value beside an unmet demand neither.
 * @param concerned services whose rows count where the part names none */
export function judgePart(part: ProvablePart, after: readonly Recorded[], concerned: ReadonlySet<string>): Judged {
  const evidence: EvidenceId[] = [];
  const wrong: string[] = [];
  let broken = false;
  for (const wanted of new Set([...always, ...part.mustMeasure])) {
    const [only, measure] = wanted.includes(':') ? (wanted.split(':') as [string, string]) : [undefined, wanted];
    if (!isMeasure(measure)) {
      wrong.push(`${measure} is no measure`);
      continue;
    }
    const rows = after.filter(({ entry: { measure: name, subject } }) => {
      const counts =
        subject.service === undefined ||
        (only === undefined ? concerned.has(subject.service) : subject.service === only);
      return name === measure && subject.side === 'after' && counts;
    });
    const good = rows.filter(
      ({ entry }) => entry.kind === 'measurement' && entry.value !== false && entry.budget?.met !== false,
    );
    const needed = only === undefined ? rows.filter(({ entry }) => entry.kind === 'measurement') : rows;
    if (!rows.some(({ entry }) => entry.kind === 'measurement')) wrong.push(`${wanted} was not measured`);
    else if (good.length < needed.length) {
      wrong.push(`${wanted} does not hold`);
      broken = true;
    }
    evidence.push(...good.map(({ id }) => id));
  }
  return {
    proven: wrong.length === 0,
    broken,
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
