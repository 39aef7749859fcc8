import type { Model } from '../model/types.ts';
import { applyPlan } from '../plan/apply.ts';
import { partsOfFindings, withoutAnswered } from '../plan/from-findings.ts';
import { type Judged, type Offer, offer } from '../plan/offer.ts';
import type { Plan } from '../plan/plan.ts';
import { refitInput } from '../refit/from-model.ts';
import { refit } from '../refit/refit.ts';
import type { Repo } from '../repo/repo.ts';
import { checkRepo } from '../report/check-repo.ts';
import type { CheckReport } from '../report/report.ts';
import { today } from './today.ts';

export interface Planned extends Offer {
  readonly report: CheckReport;
  readonly model: Model;
}

/** Everything that refit offers for a repository: the fixes that findings bring and the files that the writers make, each part
 * simulated again before it is offered. */
export function planOf(repo: Repo): Planned {
  const day = today();
  const { report, model } = checkRepo(repo, { today: day });
  const written = refit(refitInput(model, day));
  const found = partsOfFindings(report.findings.filter((f) => f.orphan !== true));
  const plan: Plan = { ...written, parts: [...written.parts, ...withoutAnswered(found, written.parts)] };
  const offered = offer(repo, plan, (changed) => {
    const { report: after } = checkRepo(changed, { today: day });
    return {
      findings: judged(after),
      inconclusive: after.inconclusive.map((i) => ({
        key: `${i.rule} ${i.target}`,
        text: `${i.rule} undecided: ${i.why}`,
      })),
    };
  });
  return { ...offered, report, model };
}

/** Findings counted by rule and file: a file that is written anew still has those that nobody meant to answer, under other
 * names of stages and on other lines. */
function judged(report: CheckReport): readonly Judged[] {
  const seen = new Map<string, number>();
  return report.findings
    .filter((f) => f.orphan !== true)
    .map((f) => {
      const key = `${f.rule} ${f.at.file}`;
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return { key: `${key} ${count}`, text: `${f.rule} at ${f.at.file}:${f.at.line}` };
    });
}

/** The repository with all parts of the plan applied, as `prove` builds it. */
export function refitted(repo: Repo, plan: Plan): Repo {
  return applyPlan(repo, plan).repo;
}
