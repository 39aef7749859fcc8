import { chainFact, type Fact, mapFact, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import type { WebServer } from '../model/web-server.ts';
import { type NginxDirective, named } from '../nginx/parse.ts';
import type { Place } from '../text/place.ts';

/** A host that a web server hands requests to, with the name as written. */
export interface Proxied {
  readonly host: string;
  readonly port: number;
  readonly at: Place;
  /** `proxy_pass http://api:8000`. */
  readonly text: string;
}

const PASSES = new Set(['proxy_pass', 'grpc_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass']);
const ADDRESS = /^(?:(https?|grpcs?):\/\/)?([A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?(?:\/.*)?$/;

/** Hosts that nginx must find when it starts: those written without a variable. Unknown: its configuration is not known. */
export function proxiedBy(service: Service): Fact<readonly Proxied[]> {
  return chainFact(service.process, (process) =>
    process.command[0] === 'nginx'
      ? mapFact(service.webServer, hostsOf)
      : unknown(`${service.name} does not run nginx alone`),
  );
}

function hostsOf(web: WebServer): readonly Proxied[] {
  const upstreams = new Map(named(web.http, 'upstream').map((d) => [d.args[0]?.text ?? '', d]));
  const passes = web.servers.flatMap((server) => below(server.directive).filter((d) => PASSES.has(d.name)));
  const found = new Map<string, Proxied>();
  const add = (directive: NginxDirective): void => {
    const said = directive.args[0]?.text ?? '';
    const [, scheme, host, port] = ADDRESS.exec(said) ?? [];
    if (
      host === undefined ||
      said.includes('$') ||
      directive.args.some((a) => a.text === 'resolve' || a.text === 'down')
    )
      return;
    const own = upstreams.get(host);
    if (own !== undefined && directive.name !== 'server') {
      for (const server of named(own.block, 'server')) add(server);
      return;
    }
    const number = port === undefined ? (scheme === 'https' || scheme === 'grpcs' ? 443 : 80) : Number(port);
    const key = `${host}:${number}`;
    if (!found.has(key)) found.set(key, { host, port: number, at: directive.place, text: `${directive.name} ${said}` });
  };
  for (const directive of passes) add(directive);
  return [...found.values()];
}

function below(directive: NginxDirective): readonly NginxDirective[] {
  return (directive.block ?? []).flatMap((d) => [d, ...below(d)]);
}
