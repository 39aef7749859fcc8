import { joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { Collector } from './command-requests.ts';
import { isDevelopment } from './purpose.ts';
import type { BuildSource } from './types.ts';

/** A build as the file of a development tool writes it: paths as said, undefined values are not known. */
export interface ToolBuild {
  readonly source: BuildSource;
  readonly at: Place;
  readonly name: string;
  readonly folder: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly relativeTo: 'context' | 'folder';
  readonly stage: string | undefined;
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly tags: readonly string[];
}

/** Resolves the paths and adds the build. */
export function pushToolBuild(collector: Collector, build: ToolBuild): void {
  const because: Reason = { kind: 'source', at: build.at, text: `${build.name} is built here` };
  const fact = (path: string | undefined, said: string): Fact<string> =>
    path === undefined || /[{$]/.test(said)
      ? unknown(`${said} is decided when it is built`, because)
      : known(path, because);
  const context = fact(joinRepoPath(build.folder, build.context), build.context);
  const from = build.relativeTo === 'folder' ? build.folder : context.known ? context.value : undefined;
  collector.requests.push({
    dockerfile:
      from === undefined
        ? unknown('the Dockerfile lies in a context that is not known', because)
        : fact(joinRepoPath(from, build.dockerfile), build.dockerfile),
    context,
    ...(build.stage === undefined ? {} : { stage: fact(build.stage, build.stage) }),
    args: new Map(
      [...build.args].map(([name, value]) => [
        name,
        value === undefined || /[{$]/.test(value)
          ? unknown(`${name} is decided when it is built`, because)
          : known(value, because),
      ]),
    ),
    use: {
      source: build.source,
      name: build.name,
      at: build.at,
      text: build.name,
      development: build.source === 'devcontainer' || isDevelopment(build.at.file),
      tags: build.tags,
    },
  });
}
