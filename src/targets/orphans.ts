import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { known, type Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { linePlace } from '../text/place.ts';
import { isFixture } from './purpose.ts';
import type { DiscoveredTarget } from './types.ts';

/** A Dockerfile that nothing builds, with the context it is probably meant for: its own folder or the root. Both, when neither is likelier. */
export function orphanTargets(repo: Repo, file: string): readonly DiscoveredTarget[] {
  const own = folderOf(file);
  const candidates = own === '' ? [''] : [own, ''];
  const sources = copySources(repo.text(file) ?? '');
  const scores = candidates.map((folder) => sources.filter((source) => present(repo, folder, source)).length);
  const best = Math.max(...scores);
  const likely = candidates.filter((_folder, index) => scores[index] === best);
  const sure = likely.length === 1 && candidates.length > 1;
  return likely.map((context): DiscoveredTarget => {
    const shown = context === '' ? 'the root of the repository' : context;
    const because: Reason = {
      kind: 'derived',
      at: linePlace(file, 1),
      text: sure
        ? `nothing builds it; most of what it copies lies in ${shown}`
        : `nothing builds it; ${shown} is a guess`,
    };
    return {
      id: context === own ? file : `${file}@${context === '' ? '.' : context}`,
      dockerfile: known(file, because),
      context: known(context, because),
      args: new Map(),
      platforms: [],
      additionalContexts: new Map(),
      uses: [],
      because: [because],
      rank: 'orphan',
      fixture: isFixture(file),
    };
  });
}

/** Literal sources of COPY and ADD from the context. */
function copySources(text: string): readonly string[] {
  const joined = text.replace(/\\\r?\n/g, ' ');
  return [...joined.matchAll(/^[ \t]*(?:COPY|ADD)[ \t]+(.*)$/gim)].flatMap((match) => {
    const rest = (match[1] ?? '').trim();
    if (/--from=/.test(rest) || rest.includes('<<')) return [];
    const words = rest.startsWith('[')
      ? [...rest.matchAll(/"([^"]*)"/g)].map((word) => word[1] ?? '')
      : rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    return words
      .slice(0, -1)
      .filter((word) => !/[*?$[\]]/.test(word) && !word.includes('://') && word !== '.' && word !== './');
  });
}

function present(repo: Repo, folder: string, source: string): boolean {
  const path = joinRepoPath(folder, source.replace(/^\/+/, ''));
  return path !== undefined && repo.entry(path) !== undefined;
}
