import type { ComposeMount } from '../../../compose/settings.ts';
import type { Reason } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { RepositoryNode, Service } from '../../../model/types.ts';
import { isWithin } from '../../container-path.ts';
import { ignoreFile, ignoreLines, inContext, takersOf } from '../../context-takers.ts';
import { claim, rule } from '../../rule.ts';

const SAMPLE = /(?:^|\/)(?:templates?|examples?|samples?|fixtures?|tests?|docs?)\//i;

/** A folder of the checkout that a server of a stack writes to. */
interface DataFolder {
  readonly path: string;
  readonly mount: ComposeMount;
  readonly service: Service;
  /** `the data of PostgreSQL`. */
  readonly what: string;
}

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'a server writes its data into a folder that the build sends along',
  why: 'The data come into being inside the build context with the first start. The next build stops with "error from sender: open …: permission denied", because servers keep their data for themselves (PostgreSQL: mode 0700); as root, or where Docker Desktop lends out the files, the build takes all of it into the image instead.',
  remedy: 'Name the folder in the ignore file of the context, or use a named volume.',
  proof: 'none',
  *check(node) {
    const folders = dataFolders(node);
    const seen = new Set<string>();
    yield* each(node.targets, function* (target) {
      const key = `${target.contextDir}\n${ignoreFile(target.context)}`;
      if (target.orphan || target.contextGuessed || seen.has(key)) return;
      const taken = [];
      for (const folder of folders) {
        const path = inContext(target.context, folder.path);
        // `data/*` keeps out what is in it.
        if (path === undefined || path === '' || target.context.ignored(`${path}/x`).ignored) continue;
        const [taker] = yield* know(takersOf(target, path));
        if (taker !== undefined)
          taken.push({ folder, path, at: taker.instruction.place, text: taker.instruction.original.trim() });
      }
      const [first] = taken;
      if (first === undefined) return;
      seen.add(key);
      const ignore = ignoreFile(target.context);
      yield claim({
        at: first.at,
        title: `after the first start ${first.text} meets ${[...new Set(taken.map(({ folder }) => `${folder.path} (${folder.what})`))].join(', ')}: permission denied, or all of it is in the image`,
        subject: `${target.contextDir} ${ignore}`,
        because: [
          ...taken.map(({ folder }) => writes(folder)),
          {
            kind: 'derived',
            at: first.at,
            text: node.repo.entry(ignore) === undefined ? `there is no ${ignore}` : `${ignore} does not name it`,
          },
        ],
        fix: {
          safety: 'safe',
          title: 'keep it out with the ignore file',
          edits: ignoreLines(target.context, [...new Set(taken.map(({ path }) => path))]),
        },
      });
    });
  },
});

function writes({ mount, path, service, what }: DataFolder): Reason {
  return { kind: 'compose', at: mount.at, text: `${service.name} has the ${what} in ${path}` };
}

function dataFolders({ stacks, repo }: RepositoryNode): readonly DataFolder[] {
  const found = new Map<string, DataFolder>();
  for (const service of stacks.flatMap((stack) => stack.services))
    for (const mount of service.compose.volumes) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
      const target = mount.target.fact.known ? mount.target.fact.value : undefined;
      if (source === undefined || target === undefined || !mount.type.known || mount.type.value !== 'bind') continue;
      // A template for somebody else's server is not started in the checkout.
      if (SAMPLE.test(mount.at.file)) continue;
      if (mount.readOnly || found.has(source) || (repo.entry(source)?.type ?? 'directory') !== 'directory') continue;
      const what = written(service, target);
      if (what !== undefined) found.set(source, { path: source, mount, service, what });
    }
  return [...found.values()];
}

function written({ server }: Service, target: string): string | undefined {
  if (server?.data.some(({ path }) => isWithin(path, target)) === true) return `data of ${server.name}`;
  return /^\/etc\/letsencrypt\/?$/.test(target) ? 'certificates and private keys' : undefined;
}
