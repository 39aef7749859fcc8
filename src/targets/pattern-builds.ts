import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { known, type Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import { UNKNOWN_PART } from './shell-words.ts';
import type { BuildRequest, BuildSource, BuildUse } from './types.ts';

const MAX_FITTING = 40;

export interface PatternBuild {
  /** The Dockerfile's path with marks for what is not known; undefined: `Dockerfile` in the context. */
  readonly dockerfile: string | undefined;
  /** The context with such marks. */
  readonly context: string | undefined;
  readonly folder: string;
  readonly source: BuildSource;
  readonly name?: string;
  readonly at: Place;
  readonly development: boolean;
}

/** Builds whose Dockerfile a variable chooses, such as `services/$NAME/Dockerfile`: one for each file of the repository that fits. */
export function patternBuilds(build: PatternBuild, paths: readonly string[]): readonly BuildRequest[] {
  const file = build.dockerfile ?? (build.context === undefined ? undefined : `${build.context}/Dockerfile`);
  if (file === undefined || !file.includes(UNKNOWN_PART) || build.context === undefined) return [];
  const resolved = joinRepoPath(build.folder, file);
  const literal = resolved?.replaceAll(UNKNOWN_PART, '').replace(/^\/+/, '') ?? '';
  // `$X` or `$X/Dockerfile` fits everything and says nothing.
  if (resolved === undefined || /^(?:dockerfile)?$/i.test(literal)) return [];
  const fits = new RegExp(`^${resolved.split(UNKNOWN_PART).map(escaped).join('([^/]+)')}$`);
  const found = paths.flatMap((path) => {
    const match = fits.exec(path);
    return match === null || !/dockerfile|containerfile/i.test(path) ? [] : [{ path, part: match[1] ?? '' }];
  });
  if (found.length > MAX_FITTING) return [];
  return found.flatMap(({ path, part }): BuildRequest[] => {
    const context =
      build.dockerfile === undefined
        ? folderOf(path)
        : joinRepoPath(build.folder, (build.context ?? '.').replaceAll(UNKNOWN_PART, part));
    if (context === undefined) return [];
    const because: Reason = { kind: 'source', at: build.at, text: 'a variable chooses the Dockerfile; this one fits' };
    const use: BuildUse = {
      source: build.source,
      ...(build.name === undefined ? {} : { name: build.name }),
      at: build.at,
      text: `${build.name ?? build.source}: a variable chooses the Dockerfile; this one fits`,
      development: build.development,
      tags: [],
    };
    return [{ dockerfile: known(path, because), context: known(context, because), use }];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
