import type { Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { Cause } from './finding.ts';

/** A reason as a finding prints it: tables have no place, they are named in the text. */
export function causeOf(reason: Reason): Cause {
  return 'at' in reason ? { at: reason.at, text: reason.text } : { text: `${reason.text} (${reason.ref})` };
}

/** What the rule says itself, then what it asked for on the way: each once, and nothing about a line that was spoken of already. */
export function chainOfCauses(said: readonly Reason[], asked: readonly Reason[]): readonly Cause[] {
  const spoken = said.flatMap((reason) => ('at' in reason ? [reason.at] : []));
  const overlaps = (at: Place): boolean =>
    spoken.some((s) => s.file === at.file && s.line <= at.endLine && at.line <= s.endLine);
  const adds = (reason: Reason): boolean =>
    said.length === 0 || ('at' in reason ? !overlaps(reason.at) : !reason.text.startsWith('the base image '));
  return distinctCauses([...said, ...asked.filter(adds)]);
}

/** Causes in order, each said once. */
function distinctCauses(reasons: readonly Reason[]): readonly Cause[] {
  const seen = new Set<string>();
  const causes: Cause[] = [];
  for (const cause of reasons.map(causeOf)) {
    const key = `${cause.at?.file}:${cause.at?.line}:${cause.text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    causes.push(cause);
  }
  return causes;
}
