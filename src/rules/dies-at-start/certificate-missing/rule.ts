import type { ComposeMount } from '../../../compose/settings.ts';
import { type Reason, unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { NginxDirective } from '../../../nginx/parse.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';
import { speaksOf } from '../../speaks-of.ts';

const NAMES = new Set(['ssl_certificate', 'ssl_certificate_key', 'ssl_dhparam', 'ssl_trusted_certificate']);

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a certificate that nginx loads is not in the repository, and nothing says how it is made',
  why: 'nginx reads its certificates when it starts. Without one it ends: "cannot load certificate … No such file or directory"; of a folder that is missing the engine makes an empty one.',
  remedy: 'Make it in a step that the documents name, or serve plain HTTP behind a proxy that has one.',
  proof: 'engine',
  *check(service) {
    const { stack, process } = service;
    if (stack.files.length === 0 || !process.known || process.value.command[0] !== 'nginx') return;
    const web = yield* know(service.webServer);
    const tls = web.servers.flatMap((server) => [server.directive, ...web.http]).flatMap(below);
    const seen = new Set<string>();
    yield* each(tls, function* (directive) {
      const path = directive.args[0]?.text ?? '';
      if (!NAMES.has(directive.name) || !path.startsWith('/') || path.includes('$') || seen.has(folderOf(path))) return;
      seen.add(folderOf(path));
      const { file, over } = yield* behind(service, path);
      if (file !== undefined && stack.repo.entry(file) !== undefined) return;
      yield* know(service.startScripts);
      const told = speaksOf(stack.repo, /openssl|certbot|mkcert|letsencrypt|acme|\bssl\b|certificat/i);
      if (told !== undefined) yield* know(unknown(`${told} speaks of certificates: it may say how they are made`));
      yield claim({
        breaks: service.nodes.starts,
        at: directive.place,
        title: `nginx of ${service.name} loads ${path}, which ${file === undefined ? 'its image does not have' : `is not in the repository (${file})`}`,
        subject: path,
        because: [
          { kind: 'line', at: directive.place, text: `${directive.name} ${path}` },
          ...(over === undefined ? [] : [over]),
        ],
      });
    });
  },
});

/** The file of the repository that a mount puts at a path, with the mount; no file: the image has none there. */
function* behind(service: Service, path: string): Generator<Ask, { file?: string; over?: Reason }, unknown> {
  let over: ComposeMount | undefined;
  let target = '';
  for (const mount of service.compose.volumes) {
    const at = yield* know(mount.target.fact);
    if (!isWithin(path, at)) continue;
    over = mount;
    target = at;
  }
  if (over !== undefined) {
    const type = yield* know(over.type);
    const source = over.source?.fact.known === true ? over.source.fact.value.path : undefined;
    if (type === 'bind' && source !== undefined)
      return {
        file: `${source}${path.slice(target.length)}`,
        over: { kind: 'compose', at: over.at, text: `${source} is mounted at ${target}` },
      };
    yield* know(unknown(`${path} lies outside the repository`));
  }
  const image = yield* know(service.image);
  const found = image.tree.lookup(path);
  if (!found.known || found.value.presence !== 'absent')
    yield* know(unknown(`whether the image has ${path} is not known`));
  return {};
}

function below(directive: NginxDirective): readonly NginxDirective[] {
  return [directive, ...(directive.block ?? []).flatMap(below)];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
