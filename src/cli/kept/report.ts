import { type Answer, answersSame, observed } from '../../repo/observed.ts';
import type { Repo } from '../../repo/repo.ts';
import type { CheckReport } from '../../report/report.ts';
import { keptWork } from '../../text/kept.ts';

interface Kept {
  readonly answers: readonly Answer[];
  readonly report: CheckReport;
}

/** The report of a repository: that of an earlier run, as long as every question that it asked of the repository has the same answer
 * now; else of this one. The code that checks is loaded only when it is needed.
 * @param today ISO date, for ends of life. */
export async function reportOf(repo: Repo, today: string): Promise<CheckReport> {
  const work = keptWork();
  if (!work) return check(repo, today);
  const name = `report ${today} ${work.digest(repo.name)}`;
  const kept = work.find(name) as Kept | undefined;
  if (kept && answersSame(repo, kept.answers, work.digest)) return kept.report;
  const seen = observed(repo, work.digest);
  const report = await check(seen.repo, today);
  work.keep(name, (): Kept => ({ answers: seen.answers(), report }));
  return report;
}

async function check(repo: Repo, today: string): Promise<CheckReport> {
  const { checkRepo } = await import('../../report/check-repo.ts');
  return checkRepo(repo, { today }).report;
}
