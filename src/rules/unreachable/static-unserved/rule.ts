import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';

/** Servers of applications: none of them hands out files. */
const SERVERS = /^(gunicorn|uvicorn|daphne|hypercorn|granian|waitress-serve)$/;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'nothing hands out the static files of Django',
  why: 'Only `runserver` hands out static files, and only for development. Under Gunicorn and the like every request for them is answered with 404: the administration and all pages come without style and script.',
  remedy:
    'Add WhiteNoise to MIDDLEWARE (and run collectstatic), or let a web server of the stack hand out STATIC_ROOT.',
  proof: 'none',
  *check(service) {
    const { stack, target } = service;
    if (target === undefined || stack.files.length === 0 || stack.purpose.grade === 'development') return;
    const application = yield* know(service.application);
    if (!SERVERS.test(application.launch.program)) return;
    const files = yield* know(application.staticFiles);
    if (files === null) return;
    const others = stack.services.filter((other) => other !== service);
    let served = false;
    for (const other of others) {
      if (!isNginx(other)) continue;
      const web = yield* know(other.webServer);
      served ||= web.files.some(({ text }) => text.includes(files.prefix.slice(0, -1)));
    }
    if (served) return;
    const door = others.find((other) => mayServe(other));
    if (door !== undefined) yield* know(unknown(`${door.name} may hand out ${files.prefix}`));
    const mounts = mountsFiles(stack.repo);
    if (mounts !== undefined) yield* know(unknown(`${mounts} mounts StaticFiles, which may hand out ${files.prefix}`));
    const kept = service.compose.volumes.find(({ target: at }) => at.fact.known && /static|assets/.test(at.fact.value));
    if (kept !== undefined) yield* know(unknown('a web server outside the stack may hand out what is mounted'));
    const { prefix, at } = files;
    yield claim({
      at,
      title: `nothing hands out ${prefix} of ${service.name}: ${application.launch.program} does not, and there is no WhiteNoise`,
      subject: prefix,
      because: [
        { kind: 'source', at, text: `STATIC_URL is ${prefix}, which the pages of the administration load from` },
        { kind: 'compose', at: service.at, text: `no web server of the stack has a location for ${prefix}` },
      ],
    });
  },
});

/** FastAPI and Starlette hand out files where the code mounts them. */
function mountsFiles(repo: Repo): string | undefined {
  return repo.files().find((file) => file.endsWith('.py') && /\bStaticFiles\(/.test(repo.text(file) ?? ''));
}

function isNginx({ process, server }: Service): boolean {
  return server?.name.startsWith('nginx') === true || (process.known && process.value.command[0] === 'nginx');
}

/** A service at the front door whose settings are not read here. */
function mayServe(other: Service): boolean {
  if (isNginx(other)) return false;
  const name = other.imageName.known ? other.imageName.value : '';
  if (/caddy|apache|httpd|openresty|swag|letsencrypt|nginx/i.test(`${name} ${other.name}`)) return true;
  if (
    other.server !== undefined ||
    /traefik|haproxy|envoy|postgres|redis|mysql|mariadb|rabbitmq|celery|flower|mailhog/i.test(name)
  )
    return false;
  return other.compose.ports.some(({ published }) => published.known && /^(80|443)$/.test(published.value));
}
