import { gitRevision } from '../repo/git-revision.ts';
import { checkRepo } from '../report/check-repo.ts';
import type { Finding } from '../rules/finding.ts';
import { today } from './today.ts';

/** Findings of the repository as it was at a git revision; a sentence when there is no such revision. */
export function findingsAt(
  directory: string,
  revision: string,
): { readonly findings: readonly Finding[] } | { readonly fault: string } {
  try {
    return { findings: checkRepo(gitRevision(directory, revision), { today: today() }).report.findings };
  } catch (error) {
    // The revision is the user's word: git says what is wrong with it.
    if (error instanceof Error) return { fault: `--since ${revision}: ${error.message.split('\n')[0]}` };
    throw error;
  }
}
