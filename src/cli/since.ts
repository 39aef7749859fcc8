import { gitRevision } from '../repo/git-revision.ts';
import { checkRepo } from '../report/check-repo.ts';
import type { Finding } from '../rules/finding.ts';
import { today } from './today.ts';

/** Findings of the repository as it was at a git revision; a sentence when there is no such revision. */
export function findingsAt(
  directory: string,
  revision: string,
): { readonly findings: readonly Finding[] } | { readonly fault: string } {
  const earlier = gitRevision(directory, revision);
  if ('fault' in earlier) return { fault: earlier.fault };
  return { findings: checkRepo(earlier.repo, { today: today() }).report.findings };
}
