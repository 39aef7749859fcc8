import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import type { Service } from '../../../model/types.ts';
import { type AllowedHosts, letsIn } from '../../../source/python/allowed-hosts.ts';
import { deployed } from '../../deployed.ts';
import { type PassedHost, passedHosts } from '../../passed-host.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the application refuses the host name that the web server hands on to it',
  why: 'Django and TrustedHostMiddleware answer 400 to every request whose Host is not in their list. nginx hands on the name that the visitor asked for only where a proxy_set_header says so; else it is the name in proxy_pass.',
  remedy:
    'Let the public name in (from a variable that the deployment sets), and hand it on: `proxy_set_header Host $host;`.',
  proof: 'engine',
  *check(service) {
    const process = service.process.known ? service.process.value.command[0] : undefined;
    if (process !== 'nginx' || service.stack.files.length === 0) return;
    const web = yield* know(service.webServer);
    const told = new Set<string>();
    yield* each(passedHosts(web, service), function* (passed) {
      const { other, at, text } = passed;
      if (other.target === undefined || other === service) return;
      const application = yield* know(other.application);
      const allowed = yield* know(application.allowedHosts);
      if (allowed === null) return;
      const refused = refusedOf(passed, allowed);
      if (refused === undefined || told.has(`${other.name} ${refused.name}`)) return;
      yield* decided(other, allowed);
      told.add(`${other.name} ${refused.name}`);
      yield claim({
        breaks: other.nodes.reachable,
        at,
        title: `${service.name} hands requests to ${other.name} as ${refused.name}${refused.note}, which ${allowed.by} does not let in: the answer is 400`,
        subject: `${other.name} ${refused.name}`,
        ...(refused.sure ? {} : { severity: 'warning' as const }),
        because: [
          { kind: 'line', at, text: `${text}, with the Host ${refused.name}` },
          { kind: 'source', at: allowed.at, text: `${allowed.by} lets in ${allowed.hosts.join(', ') || 'nothing'}` },
        ],
      });
    });
  },
});

interface Refused {
  readonly name: string;
  readonly note: string;
  /** Every request is refused, whatever the deployment is called. */
  readonly sure: boolean;
}

/** Names that are for the machine itself, or for the containers of a stack. */
const LOCAL =
  /^(?:localhost|\.localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|testserver|host\.docker\.internal|[a-z0-9_-]+)$/i;
const PLACEHOLDER = /(?:^|\.)example\.(?:com|org|net)$|^(?:www\.)?(?:your|my)[-_]?(?:domain|site|app)/i;

function refusedOf({ host, server, other }: PassedHost, allowed: AllowedHosts): Refused | undefined {
  if (host.kind === 'included') return undefined;
  if (host.kind === 'written') {
    // Django takes no underscore in a name, not even where any host is let in.
    const odd = allowed.by === 'ALLOWED_HOSTS' && host.name.includes('_');
    if (odd) return { name: host.name, note: ' (no host name has an underscore)', sure: true };
    return letsIn(allowed, host.name) ? undefined : { name: host.name, note: '', sure: true };
  }
  const asked = server.names.filter((name) => /^[\w-]+(?:\.[\w-]+)+$/.test(name) && !/^[\d.]+$/.test(name));
  const [shut] = asked.filter((name) => !letsIn(allowed, name));
  if (shut !== undefined && asked.every((name) => !letsIn(allowed, name)))
    return { name: shut, note: ', its server_name', sure: !PLACEHOLDER.test(shut) };
  if (asked.length > 0 || !allowed.hosts.every((name) => LOCAL.test(name.trim()))) return undefined;
  if (!letsIn(allowed, 'localhost')) return { name: 'localhost', note: ' and by any public name', sure: false };
  return deployed(other.stack) === undefined
    ? undefined
    : { name: 'the public name', note: ' of the deployment', sure: false };
}

/** Nothing that is not here may let more hosts in. */
function* decided(other: Service, allowed: AllowedHosts): Generator<Ask, void, unknown> {
  const { repo } = other.stack;
  const lines = (repo.text(allowed.at.file) ?? '').split('\n').slice(allowed.at.line - 1, allowed.at.endLine);
  const variable = [...other.env].find(
    ([name, { origin, at }]) =>
      new RegExp(`\\b${name}\\b`, 'i').test(lines.join('\n')) &&
      (origin === 'env_file' || (at !== undefined && repo.text(at.file)?.split('\n')[at.line - 1]?.includes('$'))),
  );
  if (variable !== undefined) yield* know(unknown(`people set ${variable[0]} themselves`));
  if (/USE_X_FORWARDED_HOST/.test(repo.text(allowed.at.file) ?? ''))
    yield* know(unknown('X-Forwarded-Host counts there'));
  if (allowed.unset.length === 0) return;
  const gap = environmentGap(other.image, other.compose);
  if (gap !== undefined) yield* know(unknown(gap));
  const { files } = (yield* know(other.application)).environment;
  if (files.length > 0) yield* know(unknown(`the application may load ${allowed.unset[0]} from a file`));
}
