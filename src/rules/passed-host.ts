import type { Service } from '../model/types.ts';
import type { WebServer } from '../model/web-server.ts';
import { type NginxDirective, named } from '../nginx/parse.ts';
import type { NginxServer } from '../nginx/server.ts';
import type { Place } from '../text/place.ts';

/** One proxy_pass of nginx to another service, with the Host that arrives there. */
export interface PassedHost {
  readonly other: Service;
  readonly server: NginxServer;
  /** As written in the configuration; `visitor`: what the visitor asked for; `included`: a file that is included may say. */
  readonly host: { readonly kind: 'written'; readonly name: string } | { readonly kind: 'visitor' | 'included' };
  readonly at: Place;
  readonly text: string;
  /** Names of headers that are set on the way, in lower case. */
  readonly headers: ReadonlySet<string>;
}

const PASS = /^https?:\/\/([A-Za-z0-9_][\w.-]*)(?::\d{1,5})?(?:\/\S*)?$/;

/** What nginx hands to the other services of a stack. Headers of an outer level hold only where the inner one sets none. */
export function passedHosts(web: WebServer, self: Service): readonly PassedHost[] {
  const upstreams = new Map(named(web.http, 'upstream').map((d) => [d.args[0]?.text ?? '', d]));
  return web.servers.flatMap((server) => {
    const found: PassedHost[] = [];
    const walk = (block: readonly NginxDirective[], outer: readonly (readonly NginxDirective[])[]): void => {
      const levels = [block, ...outer];
      for (const directive of block) {
        if (directive.name === 'location' || directive.name === 'if') walk(directive.block ?? [], levels);
        if (directive.name !== 'proxy_pass') continue;
        const said = directive.args[0]?.text ?? '';
        const name = said.includes('$') ? undefined : PASS.exec(said)?.[1];
        const other = name === undefined ? undefined : behind(name, upstreams, self);
        if (name === undefined || other === undefined) continue;
        const text = `proxy_pass ${said}`;
        found.push({
          other,
          server,
          host: hostAt(levels, name),
          at: directive.place,
          text,
          headers: headersAt(levels),
        });
      }
    };
    walk(server.directive.block ?? [], [web.http]);
    return found;
  });
}

function behind(name: string, upstreams: ReadonlyMap<string, NginxDirective>, self: Service): Service | undefined {
  const upstream = upstreams.get(name);
  const hosts =
    upstream === undefined
      ? [name]
      : named(upstream.block, 'server').map((d) => (d.args[0]?.text ?? '').replace(/:\d+$/, ''));
  if (new Set(hosts).size !== 1) return undefined;
  return self.stack.services.find(({ name: own, compose }) => {
    const called = compose.containerName?.fact;
    return own === hosts[0] || (called?.known === true && called.value === hosts[0]);
  });
}

/** The headers that one level sets; undefined: none, and the level outside counts. */
function setAt(levels: readonly (readonly NginxDirective[])[]): readonly NginxDirective[] {
  return levels.map((level) => named(level, 'proxy_set_header')).find((set) => set.length > 0) ?? [];
}

function headersAt(levels: readonly (readonly NginxDirective[])[]): ReadonlySet<string> {
  return new Set(setAt(levels).map((d) => d.args[0]?.text.toLowerCase() ?? ''));
}

/** proxy_params and the like set Host, as may any file that was not read here; those for certificates do not. */
const OTHER_FILES = /ssl|tls|mime|letsencrypt|modsec|gzip|security/i;

function hostAt(levels: readonly (readonly NginxDirective[])[], passed: string): PassedHost['host'] {
  let value = '$proxy_host';
  for (const level of levels) {
    const set = named(level, 'proxy_set_header');
    const host = set.find((d) => d.args[0]?.text.toLowerCase() === 'host');
    const included = named(level, 'include').some((d) => !OTHER_FILES.test(d.args[0]?.text ?? ''));
    if (host === undefined && included && level !== levels.at(-1)) return { kind: 'included' };
    if (host !== undefined) value = host.args[1]?.text ?? value;
    if (set.length > 0) break;
  }
  if (/^\$(?:host|http_host)(?::\$\w+)?$/.test(value)) return { kind: 'visitor' };
  const name = value.replace(/:(?:\d+|\$\w+)$/, '').replace(/^\$proxy_host$/, passed);
  return name.includes('$') ? { kind: 'included' } : { kind: 'written', name };
}
