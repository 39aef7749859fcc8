import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';

/** Names of files rather than folders. */
const FILE =
  /\.(conf|cfg|cnf|ini|ya?ml|json|toml|sh|sql|py|js|ts|xml|properties|env|crt|pem|key|html|txt|template|tmpl)$/;

/** Words of a line that may bring a file into being. */
const MAKES =
  /\b(?:cp|mv|ln|touch|tee|curl|wget|envsubst|install|copy|rename|create|creates|generate[sd]?|writes?|open|template)\b|>/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a file that is mounted does not exist',
  why: 'The engine makes an empty folder of a missing source and mounts that. Over a file of the image it refuses ("not a directory"); else the process finds a folder where it reads a file.',
  remedy: 'Correct the path, or add the file to the repository.',
  proof: 'engine',
  *check(service) {
    const { repo } = service.stack;
    yield* each(service.compose.volumes, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
      const bind = mount.type.known && mount.type.value === 'bind';
      if (!bind || source === undefined || source === '' || repo.entry(source) !== undefined) return;
      const target = yield* know(mount.target.fact);
      if (!FILE.test(source) || !FILE.test(target)) return;
      const maker = mentionedIn(repo, source, service.stack.model.loaded);
      if (maker !== undefined) yield* know(unknown(`${maker} speaks of ${source}: it may make it`));
      if (!(yield* readAtStart(service, target)))
        yield* know(unknown(`what ${service.name} does with a folder at ${target} is not known`));
      yield claim({
        breaks: service.nodes.starts,
        at: mount.at,
        title: `${service.name} mounts ${source}, which does not exist: the engine makes a folder of it`,
        subject: source,
        because: [
          {
            kind: 'compose',
            at: mount.at,
            text: `${source} is mounted at ${target}; ${repo.gitIgnored(source) === true ? 'git ignores it, and nothing says how it is made' : 'the repository has no such file'}`,
          },
        ],
      });
    });
  },
});

/** Whether the process cannot do without a file there: a file of the image, one of its settings, or a part of the command. */
function* readAtStart(service: Service, target: string): Generator<Ask, boolean, unknown> {
  if (/^\/etc\//.test(target)) return true;
  const process = yield* know(service.process);
  if (process.argv.some((word) => word.includes(target))) return true;
  const image = yield* know(service.image);
  const found = image.tree.lookup(target);
  return found.known && found.value.presence === 'present' && found.value.type === 'file';
}

/** Another file that names it, its folder's example beside it, or a folder that is missing as a whole (made by a step). */
function mentionedIn(repo: Repo, path: string, compose: readonly string[]): string | undefined {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
  if (folder !== '' && repo.entry(folder) === undefined) return `the missing folder ${folder}`;
  const beside = repo
    .children(folder)
    .find(
      (e) => e.type === 'file' && e.path !== path && e.path.slice(slash + 1).startsWith(name.replace(/\.\w+$/, '')),
    );
  if (beside !== undefined) return beside.path;
  // Where a file of that name lies elsewhere, it is that one which texts speak of, unless they make one.
  const twin = repo.files().some((f) => f.endsWith(`/${name}`) || f === name);
  return repo
    .files()
    .filter(
      (f) => !compose.includes(f) && !/(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|\.\w+ignore)$/.test(f),
    )
    .filter((f) => (repo.entry(f)?.size ?? 0) < 500_000 && repo.text(f)?.includes(name) === true)
    .find((f) => !twin || (repo.text(f) ?? '').split('\n').some((line) => line.includes(name) && MAKES.test(line)));
}
