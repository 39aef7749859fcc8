import type { Reason } from '../facts/fact.ts';
import type { Ask, Fork } from '../facts/know.ts';
import { causeOf } from './causes.ts';
import type { Inconclusive } from './finding.ts';
import type { AnyRule, Claim } from './rule.ts';

export interface RuleOutcome {
  readonly claims: readonly {
    readonly claim: Claim;
    readonly asked: readonly Reason[];
    readonly hypothetical: boolean;
  }[];
  readonly inconclusive: readonly Inconclusive[];
}

/** Runs one rule over one node: collects what it asks for as causes, ends a path at the first unknown. */
export function runRule(id: string, rule: AnyRule, node: never, nodeName: string): RuleOutcome {
  const claims: { claim: Claim; asked: readonly Reason[]; hypothetical: boolean }[] = [];
  const inconclusive: Inconclusive[] = [];

  const follow = (path: Generator<unknown, void, unknown>, inherited: readonly Reason[], below: boolean): void => {
    let asked = inherited;
    let hypothetical = below;
    let next = path.next();
    while (next.done !== true) {
      const step = next.value as Ask | Fork | Claim;
      let answer: unknown;
      if (step.step === 'ask') {
        asked = [...asked, ...step.fact.because];
        if (!step.fact.known) {
          inconclusive.push({ rule: id, target: nodeName, why: step.fact.why, because: asked.map(causeOf) });
          path.return(undefined);
          return;
        }
        if (step.fact.hypothetical !== undefined) hypothetical = true;
        answer = step.fact.value;
      } else if (step.step === 'fork') {
        follow(step.path(), asked, hypothetical);
      } else {
        claims.push({ claim: step, asked, hypothetical: hypothetical || step.hypothetical === true });
      }
      next = path.next(answer);
    }
  };

  follow(rule.check(node), [], false);
  return { claims, inconclusive };
}
