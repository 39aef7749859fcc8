import { type Reason, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service, Stack } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'a service is built from a Dockerfile that is not there',
  why: 'The build stops before its first step: "failed to read dockerfile", or "path not found" where the whole context is missing.',
  remedy: 'Add the file, or correct `build:`.',
  proof: 'engine',
  *check(stack) {
    const { repo } = stack;
    const seen = new Set<string>();
    // A tree that is not there at all is one mistake, however many services are built from it.
    const folders = [...new Set(stack.services.flatMap((service) => missingFolder(repo, service) ?? []))];
    const [foremost] = folders;
    yield* each(stack.services, function* (service) {
      const { name, nodes, compose } = service;
      const { build } = compose;
      const context = build?.context.fact.known === true ? build.context.fact.value.path : undefined;
      const path = dockerfilePath(service);
      if (build === undefined || context === undefined || path === undefined || isThere(repo, path) || seen.has(path))
        return;
      seen.add(path);
      const { dockerfile } = build;
      const gone = missingFolder(repo, service) !== undefined;
      if (gone && folders.length > MANY && context !== foremost) return;
      const module = submodule(repo, gone ? context : path);
      if (module !== undefined) yield* know(unknown(`${module} is a submodule, which may not be checked out`));
      if (repo.gitIgnored(path) === true || (gone && repo.gitIgnored(context) === true))
        yield* know(unknown(`git ignores ${path}: it is made or fetched`));
      const last = (gone ? context : path).split('/').at(-1) ?? '';
      const cloned = speaksOf(repo, new RegExp(`git clone[^\\n]*${literally(gone ? last : 'Dockerfile')}`));
      if (cloned !== undefined) yield* know(unknown(`${cloned} fetches ${last}`));
      const moved = movedAway(stack);
      if (moved !== undefined) yield* know(unknown(`${moved} copies the compose file to another folder`));
      if (/[{<]%|\{\{/.test(path)) yield* know(unknown(`${path} is the name of a template`));
      const pulled = pulledFirst(service);
      const others = folders.length > MANY ? `, nor are those of ${folders.length - 1} more services` : '';
      yield claim({
        breaks: nodes.starts,
        ...(pulled === undefined ? {} : { severity: 'warning' as const }),
        at: (gone ? build.context.at : dockerfile?.at) ?? build.at,
        title: gone
          ? `the folder ${context}, from which ${name} is built, is not there${others}`
          : `there is no ${path}, from which ${name} is built${otherCase(repo, path)}`,
        subject: path,
        because: [{ kind: 'compose', at: build.at, text: `${name} is built from ${path}` }, ...(pulled ?? [])],
      });
    });
  },
});

const MANY = 3;

/** `up` takes an image from its registry where it can, and builds only where it is not to be had. */
function pulledFirst({ compose }: Service): readonly Reason[] | undefined {
  const image = compose.image?.fact.known === true ? compose.image.fact.value : undefined;
  if (image?.includes('/') !== true) return undefined;
  return [{ kind: 'compose', at: compose.at, text: `where ${image} can be pulled, \`up\` does without the build` }];
}

/** A document or script that copies a compose file out of its folder: its paths start elsewhere then. */
function movedAway({ repo, files }: Stack): string | undefined {
  for (const file of files) {
    if (!file.includes('/')) continue;
    const found = speaksOf(repo, new RegExp(`\\b(?:cp|mv)\\s[^\\n]*${literally(file)}\\s`));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The Dockerfile of a service that is built from one, from the root of the repository. */
function dockerfilePath({ compose: { build } }: Service): string | undefined {
  if (build === undefined || build.dockerfileInline !== undefined || !build.context.fact.known) return undefined;
  const { dockerfile } = build;
  if (dockerfile === undefined) return below(build.context.fact.value.path, 'Dockerfile');
  return dockerfile.fact.known ? dockerfile.fact.value.path : undefined;
}

/** The context of a service, when the repository has no such folder. */
function missingFolder(repo: Repo, service: Service): string | undefined {
  const path = dockerfilePath(service);
  const context = service.compose.build?.context.fact;
  const folder = context?.known === true ? context.value.path : undefined;
  if (path === undefined || folder === undefined || folder === '' || isThere(repo, path)) return undefined;
  return repo.entry(folder) === undefined ? folder : undefined;
}

/** A Mac does not tell the two apart; Linux does. */
function otherCase(repo: Repo, path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const near = repo.children(folder).find((entry) => entry.path.toLowerCase() === path.toLowerCase());
  return near === undefined ? '' : `; ${near.path} is`;
}

function below(folder: string | undefined, name: string): string | undefined {
  return folder === undefined ? undefined : folder === '' ? name : `${folder}/${name}`;
}

/** A folder that was not walked, or a link out of the repository, may hold it. */
function isThere(repo: Repo, path: string): boolean {
  if (repo.entry(path) !== undefined) return true;
  // BuildKit takes `dockerfile`, too, where there is no `Dockerfile`.
  if (/(?:^|\/)Dockerfile$/.test(path) && repo.entry(path.replace(/Dockerfile$/, 'dockerfile')) !== undefined)
    return true;
  const parts = path.split('/');
  return parts.some((_, index) => {
    const folder = parts.slice(0, index + 1).join('/');
    return repo.unwalked.includes(folder) || repo.entry(folder)?.type === 'symlink';
  });
}

function submodule(repo: Repo, path: string): string | undefined {
  const text = repo.text('.gitmodules') ?? '';
  return [...text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)]
    .map((m) => m[1] ?? '')
    .find((folder) => path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`));
}
