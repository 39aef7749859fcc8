import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { unreadByNginx } from '../../nginx-files.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a file of settings is mounted where the server does not look',
  why: 'The server of the image reads its settings from fixed places, or from the file that its command names. A file that lies elsewhere changes nothing: the defaults are in force, often without a password.',
  remedy: 'Name the file in `command:`, or mount it where the image reads it.',
  proof: 'none',
  *check(service) {
    const { compose } = service;
    const server = service.server ?? service.foundation;
    if (server === undefined) return;
    yield* each(compose.volumes, function* (mount) {
      const target = yield* know(mount.target.fact);
      const reads = readsInstead(service, target) ?? (yield* know(unreadByNginx(service, target)));
      if (reads === undefined) return;
      const words = yield* know(wordsOfCommand(service));
      const file = target.slice(target.lastIndexOf('/') + 1);
      // A script or another variable may name it, too.
      if (words.some((word) => word.includes(file) || /\.sh$|^(ba)?sh$/.test(word))) return;
      for (const [name, { value, origin }] of service.env)
        if (origin !== 'image' && !/PASS|SECRET|TOKEN|USER|_DB$/.test(name) && (yield* know(value)).includes(file))
          return;
      if (compose.entrypoint !== undefined) return;
      yield claim({
        at: mount.at,
        title: `${service.name} (${server.name}) does not read ${target}: ${reads}`,
        subject: target,
        because: [
          { kind: 'compose', at: mount.at, text: `${target} is mounted` },
          { kind: 'server-table', ref: server.origin.source, text: reads },
        ],
      });
    });
  },
});

/** What the server does instead of reading a file there; undefined: it may read it. */
function readsInstead({ server, compose }: Service, target: string): string | undefined {
  const mounted = compose.volumes.flatMap((m) => (m.target.fact.known ? [m.target.fact.value] : []));
  switch (server?.name) {
    case 'PostgreSQL':
      return /^\/etc\/postgresql(\/|$)/.test(target)
        ? 'without `-c config_file=…` its settings are in the data folder'
        : ignoredScript(target, mounted);
    case 'Redis':
    case 'Valkey':
      return /\.conf$/.test(target) && !target.startsWith('/data/')
        ? 'without the path in its command it reads no file of settings'
        : undefined;
    case 'nginx':
    case 'nginx (unprivileged)':
      return /^\/etc\/nginx\/sites-(enabled|available)(\/|$)/.test(target) &&
        !mounted.some((m) => m === '/etc/nginx' || m === '/etc/nginx/nginx.conf' || m.startsWith('/etc/nginx/conf.d'))
        ? "the image's nginx.conf includes /etc/nginx/conf.d/*.conf only"
        : undefined;
    case 'Grafana':
      return /^\/etc\/grafana\/provisioning\/[^/]+\.ya?ml$/.test(target)
        ? 'it reads the folders below /etc/grafana/provisioning (datasources, dashboards …), not files in it'
        : undefined;
    case 'MySQL':
    case 'MariaDB':
      return ignoredScript(target, mounted);
    default:
      return undefined;
  }
}

/** Of the files for the first start the entrypoints run scripts and SQL, and ignore the others. */
function ignoredScript(target: string, mounted: readonly string[]): string | undefined {
  // A script beside it may read it.
  const beside = mounted.some((m) => m !== target && m.startsWith('/docker-entrypoint-initdb.d'));
  return !beside &&
    /^\/docker-entrypoint-initdb\.d\/[^/]+\.(?!sh$|sql$|sql\.(gz|xz|zst|bz2)$|gz$|xz$|zst$)\w+$/.test(target)
    ? 'its entrypoint runs *.sh and *.sql (also compressed) there and ignores other files'
    : undefined;
}
