import type { Reason } from '../facts/fact.ts';
import type { Cause } from './finding.ts';

/** A reason as a finding prints it: tables have no place, they are named in the text. */
export function causeOf(reason: Reason): Cause {
  return 'at' in reason ? { at: reason.at, text: reason.text } : { text: `${reason.text} (${reason.ref})` };
}

/** Causes in the order they were asked for, each said once. */
export function distinctCauses(reasons: readonly Reason[]): readonly Cause[] {
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
