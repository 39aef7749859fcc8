import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

/** Where the images of web servers have the pages that they serve. */
const ROOTS: Readonly<Record<string, string>> = {
  nginx: '/usr/share/nginx/html',
  'Apache httpd': '/usr/local/apache2/htdocs',
  Caddy: '/usr/share/caddy',
};

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the folder with the pages of a web server is not in the repository',
  why: 'The engine makes an empty folder of a missing source and mounts that over the pages of the image: every request is answered with 403 or 404.',
  remedy:
    'Build the pages in a Dockerfile and copy them into the image, or say how the folder is made before the start.',
  proof: 'engine',
  *check(service) {
    const { repo } = service.stack;
    const root = ROOTS[service.server?.name ?? ''];
    if (root === undefined) return;
    yield* each(service.compose.volumes, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
      const bind = mount.type.known && mount.type.value === 'bind';
      if (!bind || source === undefined || source === '' || repo.entry(source) !== undefined) return;
      const target = yield* know(mount.target.fact);
      if (!isWithin(target, root) && !isWithin(root, target)) return;
      const parts = source.split('/');
      const parent = parts.at(-2);
      const made =
        parent === undefined
          ? '\\b(?:build|generate|export)\\b'
          : `\\b${literally(parent)}\\b[^\\n]*\\b(?:build|run|make)|(?:build|cd|prefix|-C)\\b[^\\n]*\\b${literally(parent)}\\b`;
      const told = speaksOf(repo, new RegExp(`${literally(source)}(?![\\w-])|${made}`), service.stack.model.loaded);
      if (told !== undefined) yield* know(unknown(`${told} may say how ${source} is made`));
      yield claim({
        breaks: service.nodes.reachable,
        at: mount.at,
        title: `${source} is not in the repository: ${service.name} serves an empty folder`,
        subject: source,
        because: [
          { kind: 'compose', at: mount.at, text: `${source} is mounted at ${target}` },
          {
            kind: 'derived',
            at: mount.at,
            text: `${repo.gitIgnored(source) === true ? 'git ignores it, and ' : ''}no document and no script says that it is made before the start`,
          },
        ],
      });
    });
  },
});
