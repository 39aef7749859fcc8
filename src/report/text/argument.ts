import type { Cause, Finding } from '../../rules/finding.ts';
import { formatPlace, type Place } from '../../text/place.ts';

/** One line of an argument: a place (or none) and what is said of it. */
export interface Line {
  readonly place: string;
  readonly text: string;
}

/** Findings that a reader takes as one: the same rule of the same thing, at one place or with one sentence; and the same advice for
 * many things (one rule, one cure). The report keeps them apart; only the screen joins them. */
export function joined(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const same = groups.find((group) => group.some((other) => alike(other, finding)));
    if (same === undefined) groups.push([finding]);
    else same.push(finding);
  }
  return groups;
}

function alike(a: Finding, b: Finding): boolean {
  if (a.rule !== b.rule || a.severity !== b.severity || a.orphan !== b.orphan || a.hypothetical !== b.hypothetical)
    return false;
  if (isAdvice(a)) return true;
  return a.service === b.service && a.target === b.target && (a.title === b.title || samePlace(a.at, b.at));
}

/** What hurts is said once for all that it hurts; what breaks is an argument of its own each time. */
function isAdvice({ severity, consequence }: Finding): boolean {
  return severity !== 'error' && /^(insecure|blind|bloated|slow-rebuild|no-effect|style)$/.test(consequence);
}

/** What a group says, in the order in which it is read: the claims where they are made, then the reasons, those of the same
 * place first, then what follows. `most` reasons and consequences are shown of each, and a few more claims; the JSON has all. */
export function argumentOf(group: readonly Finding[], most: number): readonly Line[] {
  const claims = unique(group.map((f) => ({ place: formatPlace(f.at), text: f.title })));
  const reasons = unique(shortened(group).map(line));
  const here = (reason: Line): boolean => claims.some((claim) => claim.place === reason.place);
  const consequences = unique(group.flatMap((f) => f.symptoms).map(line));
  const claimed = claims.flatMap((claim, i) => {
    const last = claims.findLastIndex((c) => c.place === claim.place) === i;
    const own = last ? reasons.filter((r) => r.place === claim.place) : [];
    // The same words a second time tell only the place.
    const again = claims.findIndex((c) => c.text === claim.text) < i;
    return again ? (own.length > 0 ? own : [{ ...claim, text: 'the same' }]) : [claim, ...own];
  });
  return withoutRepeatedPlaces([
    ...capped(claimed, most + 3, 'more place'),
    ...capped(
      reasons.filter((r) => !here(r)),
      most,
      'more reason',
    ),
    ...capped(consequences, most, 'more consequence'),
  ]);
}

/** Causes without those that a claim or another cause already says, and without what only sets the scene. */
function shortened(group: readonly Finding[]): readonly Cause[] {
  const causes = group.flatMap((f) => f.because.filter((c) => !saidBy(f, c)));
  const chosen = causes.filter((c) => !causes.some((other) => other.text !== c.text && other.text.includes(c.text)));
  const telling = chosen.filter((c) => !/^WORKDIR\s/i.test(c.text));
  return telling.length > 0 ? telling : chosen;
}

/** Whether the claim has most words of a cause at its own place, or all words of one elsewhere. */
function saidBy({ title, at }: Finding, cause: Cause): boolean {
  const words = (text: string): readonly string[] => text.toLowerCase().match(/[^\s,;:()]+/g) ?? [];
  const there = new Set(words(title));
  const asked = words(cause.text);
  const share = cause.at !== undefined && samePlace(cause.at, at) ? 0.6 : 1;
  return asked.filter((word) => there.has(word)).length >= asked.length * share;
}

function capped(lines: readonly Line[], most: number, what: string): readonly Line[] {
  const rest = lines.length - most;
  // One line more takes as much room as the line that says there is one.
  if (rest <= 1) return lines;
  return [...lines.slice(0, most), { place: '', text: `and ${rest} ${what}s` }];
}

function withoutRepeatedPlaces(lines: readonly Line[]): readonly Line[] {
  return lines.map(({ place, text }, i) => ({ place: i > 0 && lines[i - 1]?.place === place ? '' : place, text }));
}

function line(cause: Cause): Line {
  return { place: cause.at === undefined ? '' : formatPlace(cause.at), text: cause.text };
}

function unique(lines: readonly Line[]): readonly Line[] {
  return lines.filter((a, i) => lines.findIndex((b) => b.place === a.place && b.text === a.text) === i);
}

function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line;
}
