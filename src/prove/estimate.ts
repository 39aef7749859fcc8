import type { Repo } from '../repo/repo.ts';
import type { StackChoice } from './options.ts';

/** A rough estimate, said before anything is done. Seconds are of a small machine with an ordinary network; bytes of disk for the time of the run. */
export function estimate(
  repo: Repo,
  stack: StackChoice,
  sides: number,
  quick: boolean,
): { seconds: number; bytes: number } {
  const copied = repo.files().reduce((sum, file) => sum + (repo.entry(file)?.size ?? 0), 0);
  const images = 'files' in stack ? countBuilds(repo, stack.files) : stack.targets.length;
  const perImage = quick ? 25 : 75;
  const perSide = quick ? 25 : 60;
  return {
    seconds: sides * (images * perImage + perSide),
    // An image with its build stages, twice where two cold builds are compared.
    bytes: sides * (copied + images * (quick ? 500e6 : 1200e6)),
  };
}

function countBuilds(repo: Repo, files: readonly string[]): number {
  const found = files.reduce((sum, file) => sum + (repo.text(file)?.match(/^\s+build:/gm)?.length ?? 0), 0);
  return Math.max(1, found);
}
