import { editDistance } from '../../dockerfile/suggest.ts';
import type { Reason } from '../../facts/fact.ts';
import type { Repo } from '../../repo/repo.ts';
import { linePlace } from '../../text/place.ts';
import type { BuildContext, ContextLookup } from './build-context.ts';

const EXAMPLES = ['.example', '.sample', '.dist', '.template', '.tmpl', '.default'];

/** Says that a path is not there, from where on it is missing, and what it may have been meant to be. */
export function absence(context: BuildContext, path: string, repoPath: string): ContextLookup & { status: 'absent' } {
  const { repo } = context;
  const parts = repoPath.split('/');
  let existing = parts.length - 1;
  while (existing > 0 && repo.entry(parts.slice(0, existing).join('/'))?.type !== 'directory') existing--;
  const folder = parts.slice(0, existing).join('/');
  const missing = parts.slice(0, existing + 1).join('/');
  const names = repo.children(folder).map((entry) => entry.path.slice(folder === '' ? 0 : folder.length + 1));
  const wanted = parts[existing] ?? '';
  const example = EXAMPLES.map((suffix) => `${wanted}${suffix}`).find((name) => names.includes(name));
  const text = `there is no ${path} in ${context.dir === '' ? 'the repository' : context.dir}`;
  const because: Reason[] = [{ kind: 'derived', at: linePlace(context.dockerfile, 1), text }];
  const submodule = submoduleOf(repo, repoPath);
  return {
    status: 'absent',
    ...(submodule === undefined ? {} : { submodule }),
    missing: context.dir === '' ? missing : missing.slice(context.dir.length + 1),
    // `dist/` names folders only, and whether what is not there would be one is not known.
    gitIgnored: [repoPath, missing, `${repoPath}/x`].some((name) => repo.gitIgnored(name) === true),
    ...(example === undefined ? {} : { example: folder === '' ? example : `${folder}/${example}` }),
    similar: similarNames(wanted, names),
    because,
  };
}

/** The submodule that a path lies in: its files are fetched by git, and are not part of the repository. */
function submoduleOf(repo: Repo, path: string): string | undefined {
  const listed = repo.text('.gitmodules');
  if (listed === undefined) return undefined;
  const folders = [...listed.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map((match) => match[1] ?? '');
  return folders.find((folder) => path === folder || path.startsWith(`${folder}/`));
}

function similarNames(wanted: string, names: readonly string[]): readonly string[] {
  const lower = wanted.toLowerCase();
  const scored: { name: string; distance: number }[] = [];
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > 2) continue;
    const distance = name.toLowerCase() === lower ? 0 : editDistance(lower, name.toLowerCase());
    if (distance <= (wanted.length > 4 ? 2 : 1)) scored.push({ name, distance });
  }
  return scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}
