import type { EvidenceId } from '../ledger/entry.ts';
import type { Stored } from '../ledger/ledger.ts';
import type { Repo } from '../repo/repo.ts';
import type { ProvablePart, ProvenPart, StackChoice } from './options.ts';
import { concernedServices, type Judged, judgePart, partDigest } from './proven.ts';
import type { Run } from './run.ts';

/** Builds and starts the repository with only some of the unproven parts, quick rows only; its rows carry the label. */
export type Trial = (repo: Repo, stack: StackChoice, label: string) => Promise<void>;

/** Judges the unproven parts of a plan and stores what came out. Where all of them together do not work, each is tried alone on
 * top of the safe ones, then those that work alone together; where none works alone, all but one. So the good ones are proven all
 * the same. */
export async function proveParts(run: Run, trial: Trial): Promise<ProvenPart[]> {
  const { after, parts = [], withParts } = run.options;
  if (after === undefined) return [];
  const unproven = parts.filter((part) => part.tier === 'unproven');
  const joint = judged(run, unproven, undefined);
  const broken = [...joint.values()].some((one) => one.broken);
  if (!broken || withParts === undefined || unproven.length < 2) {
    return unproven.flatMap((part) => conclude(run, part, joint.get(part.id), after));
  }
  const attempt = async (chosen: readonly ProvablePart[]): Promise<Map<string, Judged>> => {
    const label = chosen.map((part) => part.id).join(' + ');
    const repo = withParts(chosen.map((part) => part.id));
    await trial(repo, present(repo, run.options.afterStack ?? run.options.stack), label);
    return judged(run, chosen, label);
  };
  const alone = new Map<string, Judged>();
  for (const part of unproven) {
    if (run.stopped) return [];
    for (const [id, one] of await attempt([part])) alone.set(id, one);
  }
  const good = unproven.filter((part) => alone.get(part.id)?.proven === true);
  if (good.length === 0 && unproven.length > 2) {
    // What was found may be so broken that no part works without the others: one is left out after the other.
    for (const part of unproven) {
      if (run.stopped) return [];
      const rest = unproven.filter((other) => other !== part);
      const without = await attempt(rest);
      if (!rest.every((other) => without.get(other.id)?.proven === true)) continue;
      const own = {
        ...lost,
        text: `does not work: without it all others do (with it: ${joint.get(part.id)?.text ?? ''})`,
      };
      return unproven.flatMap((one) => conclude(run, one, one === part ? own : without.get(one.id), after));
    }
  }
  if (run.stopped) return [];
  const together = good.length > 1 && good.length < unproven.length ? await attempt(good) : alone;
  if (run.stopped) return [];
  const sound = good.length < unproven.length && good.every((part) => together.get(part.id)?.proven === true);
  return unproven.flatMap((part) => {
    const own = alone.get(part.id);
    if (own?.proven !== true) return conclude(run, part, own && { ...own, text: `alone: ${own.text}` }, after);
    const rest = good.filter((other) => other !== part).map((other) => other.id);
    const why = `works alone, but not together with ${rest.join(', ')}`;
    return conclude(run, part, sound ? together.get(part.id) : { ...lost, text: why }, after);
  });
}

const lost: Omit<Judged, 'text'> = { proven: false, broken: true, evidence: [] };

/** What the rows of a trial (or, without a label, of the whole) say about each of these parts. A resumed run has some of them
 * from before, so the ledger is asked. */
function judged(run: Run, parts: readonly ProvablePart[], label: string | undefined): Map<string, Judged> {
  const rows = run.options.ledger
    .entries()
    .filter(({ entry }: Stored) => entry.run === run.id && entry.subject.part === label);
  return new Map(parts.map((part) => [part.id, judgePart(part, rows, concernedServices(part, run.builds))]));
}

function conclude(run: Run, part: ProvablePart, one: Judged | undefined, after: Repo): ProvenPart[] {
  if (one === undefined) return [];
  const id: EvidenceId | undefined = run.append({
    kind: 'measurement',
    run: run.id,
    subject: { side: 'after', stack: run.options.stackName, inputs: partDigest(part, after) },
    measure: `part:${part.id}`,
    title: `plan part ${part.id} works`,
    unit: 'boolean',
    value: one.proven,
    text: one.text,
    evidence: one.evidence,
  });
  return one.proven && id !== undefined ? [{ id: part.id, evidence: [id, ...one.evidence] }] : [];
}

/** The stack as far as its files are there: a part that was left out may be the one that adds a file. */
function present(repo: Repo, stack: StackChoice): StackChoice {
  return 'files' in stack ? { ...stack, files: stack.files.filter((file) => repo.entry(file) !== undefined) } : stack;
}
