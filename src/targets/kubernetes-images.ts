import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { DiscoveredTarget } from './types.ts';

const MAX_BYTES = 500_000;

/** Adds to each target the Kubernetes manifests that run an image of one of its names. */
export function withDeployments(
  repo: Repo,
  targets: readonly DiscoveredTarget[],
  paths: readonly string[],
): readonly DiscoveredTarget[] {
  const names = new Set(targets.flatMap((target) => target.uses.flatMap((use) => use.tags.map(imageName))));
  names.delete('');
  if (names.size === 0) return targets;
  const places = new Map<string, Reason[]>();
  for (const path of paths) {
    if (!/\.ya?ml$/.test(path) || /compose|^\.github\//.test(path)) continue;
    const entry = repo.entry(path);
    const text = entry === undefined || entry.size > MAX_BYTES ? undefined : repo.text(path);
    if (text === undefined || !/^kind:/m.test(text) || !text.includes('image:')) continue;
    const lines = new LineIndex(text);
    for (const match of text.matchAll(/^[ \t-]*image:[ \t]*["']?([^\s"'#]+)/gm)) {
      const name = imageName(match[1] ?? '');
      if (!names.has(name)) continue;
      const at = lines.place(path, { start: match.index, end: match.index + match[0].length });
      places.set(name, [...(places.get(name) ?? []), { kind: 'source', at, text: `${name} is deployed here` }]);
    }
  }
  return targets.map((target) => {
    const added = [...new Set(target.uses.flatMap((use) => use.tags.map(imageName)))].flatMap(
      (name) => places.get(name) ?? [],
    );
    return added.length === 0 ? target : { ...target, because: [...target.because, ...added] };
  });
}

/** The name without registry tag and digest; `docker.io/library/` dropped. */
export function imageName(reference: string): string {
  return reference
    .replace(/@sha256:.*$/, '')
    .replace(/:[^:/]*$/, '')
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '');
}
