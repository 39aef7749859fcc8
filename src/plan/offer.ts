import type { Repo } from '../repo/repo.ts';
import { applyPlan, type Selection } from './apply.ts';
import type { Part, Plan } from './plan.ts';

/** Something a check said, with a key that stays the same when lines move. */
export interface Judged {
  readonly key: string;
  readonly text: string;
}

/** Parses and simulates a repository again. Given by the caller, which knows all rules. */
export type Recheck = (repo: Repo) => {
  readonly findings: readonly Judged[];
  readonly inconclusive: readonly Judged[];
};

export interface Offer {
  /** The plan with the parts that passed. */
  readonly plan: Plan;
  /** Parts that would bring something new, with what. They are not offered. */
  readonly withheld: readonly { readonly part: Part; readonly why: string }[];
}

/** Offers only what brings no new finding and no new inconclusive, both for the safe parts alone and for all together. */
export function offer(repo: Repo, plan: Plan, recheck: Recheck): Offer {
  if (plan.parts.length === 0) return { plan, withheld: [] };
  const known = keysOf(recheck(repo));
  const news = (candidate: Plan, selection: Selection): readonly string[] => {
    const result = applyPlan(repo, candidate, selection);
    if (result.applied.length === 0) return [];
    const after = recheck(result.repo);
    return [...after.findings, ...after.inconclusive].filter((item) => !known.has(item.key)).map((item) => item.text);
  };
  const clean = (candidate: Plan): readonly string[] => {
    const safe = news(candidate, { tiers: ['safe'] });
    const hasUnproven = candidate.parts.some((part) => part.tier === 'unproven');
    return safe.length > 0 || !hasUnproven ? safe : news(candidate, {});
  };
  if (clean(plan).length === 0) return { plan, withheld: [] };

  let accepted: Plan = { ...plan, parts: [] };
  const refused = new Map<Part, readonly string[]>();
  const admit = (parts: readonly Part[]): void => {
    const wanted = plan.parts.filter((part) => accepted.parts.includes(part) || parts.includes(part));
    const candidate: Plan = { ...plan, parts: wanted };
    const problems = clean(candidate);
    if (problems.length === 0) accepted = candidate;
    else for (const part of parts) if (!refused.has(part)) refused.set(part, problems);
  };
  for (const part of plan.parts) if (!accepted.parts.includes(part)) admit([part, ...neededBy(part, plan.parts)]);
  for (const group of needGroups(plan.parts)) {
    const waiting = group.filter((part) => !accepted.parts.includes(part));
    if (waiting.length > 0) admit(waiting);
  }
  const withheld = plan.parts
    .filter((part) => !accepted.parts.includes(part))
    .map((part) => ({ part, why: `it would bring: ${(refused.get(part) ?? []).slice(0, 3).join('; ')}` }));
  return { plan: accepted, withheld };
}

/** All parts without which one would not work, over any number of steps. */
function neededBy(part: Part, all: readonly Part[]): readonly Part[] {
  const found = new Set<Part>();
  const queue = [part];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const other of all) {
      if (next.needs?.includes(other.id) !== true || found.has(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return [...found];
}

/** Parts that hang together: alone, half of a pair may look wrong where the whole is right. Order is kept. */
function needGroups(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const related = groups.filter((group) =>
      group.some((other) => part.needs?.includes(other.id) === true || other.needs?.includes(part.id) === true),
    );
    const [first, ...rest] = related;
    if (first === undefined) {
      groups.push([part]);
      continue;
    }
    first.push(part);
    for (const other of rest) {
      first.push(...other);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups;
}

function keysOf(result: ReturnType<Recheck>): ReadonlySet<string> {
  return new Set([...result.findings, ...result.inconclusive].map((item) => item.key));
}
