import { at, itemsOf } from '../compose/node.ts';
import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { known, type Reason, unknown } from '../facts/fact.ts';
import { linePlace } from '../text/place.ts';
import type { Collector } from './command-requests.ts';
import { isFixture } from './purpose.ts';
import { scalarText, yamlDocuments } from './yaml-file.ts';

/** Images of a GoReleaser file. It builds in a folder of its own that holds the binaries: the context is not known. */
export function collectGoreleaser(collector: Collector, file: string): void {
  for (const root of yamlDocuments(collector.repo, file)) {
    for (const item of [...itemsOf(at(root, 'dockers')), ...itemsOf(at(root, 'dockers_v2'))]) {
      const path = joinRepoPath(folderOf(file), scalarText(at(item, 'dockerfile')) ?? 'Dockerfile');
      if (path === undefined || path.includes('{{')) continue;
      const because: Reason = { kind: 'source', at: item.at, text: 'GoReleaser builds here' };
      collector.requests.push({
        dockerfile: known(path, because),
        context: unknown('GoReleaser builds in a folder of its own that holds the binaries', because),
        use: { source: 'script', name: 'GoReleaser', at: item.at, text: 'GoReleaser', development: false, tags: [] },
      });
    }
  }
}

const OFFICIAL = 'generate-stackbrew-library.sh';

/** The Dockerfiles of an official image's repository, each built in its own folder by the library's build system. */
export function collectOfficialImages(collector: Collector, dockerfiles: readonly string[]): void {
  if (collector.repo.entry(OFFICIAL) === undefined) return;
  const place = linePlace(OFFICIAL, 1);
  for (const file of dockerfiles) {
    if (!file.endsWith('/Dockerfile') || isFixture(file)) continue;
    const because: Reason = {
      kind: 'source',
      at: place,
      text: 'the library of official images builds it in its own folder',
    };
    collector.requests.push({
      dockerfile: known(file, because),
      context: known(folderOf(file), because),
      use: { source: 'script', name: 'official images', at: place, text: because.text, development: false, tags: [] },
    });
  }
}
