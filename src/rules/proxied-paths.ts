import type { WebServer } from '../model/web-server.ts';
import { type NginxDirective, named } from '../nginx/parse.ts';
import type { NginxLocation } from '../nginx/server.ts';
import type { Place } from '../text/place.ts';

/** What a location of nginx hands to another server. */
export interface ProxiedPath {
  readonly host: string;
  /** The path of the location: `/api/`. */
  readonly asked: string;
  /** How requests of that location begin when they arrive: the same, or what stands behind the host in proxy_pass. */
  readonly arrives: string;
  /** `location = /path`: that one request only. */
  readonly exact: boolean;
  readonly at: Place;
  readonly text: string;
}

const PASS = /^https?:\/\/([A-Za-z0-9][\w.-]*)(?::\d{1,5})?(\/\S*)?$/;
/** What changes the path, or answers in place of the other server. */
const CHANGES = ['rewrite', 'include', 'if', 'return', 'try_files', 'alias'];

/** Locations with a plain path that hand every request on, as nginx changes the path on the way. */
export function proxiedPaths(web: WebServer): readonly ProxiedPath[] {
  const upstreams = upstreamsOf(web);
  return web.servers.flatMap((server) => {
    if ((server.directive.block ?? []).some((d) => d.name === 'rewrite' || d.name === 'if')) return [];
    return server.locations.flatMap((location) => proxiedPath(location, upstreams));
  });
}

/** Named upstreams of a configuration. */
export function upstreamsOf(web: WebServer): ReadonlyMap<string, NginxDirective> {
  return new Map(named(web.http, 'upstream').map((d) => [d.args[0]?.text ?? '', d]));
}

/** What one location hands on; empty: nothing, or not in a way that is read here. */
export function proxiedPath(
  location: NginxLocation,
  upstreams: ReadonlyMap<string, NginxDirective>,
): readonly ProxiedPath[] {
  const { block } = location.directive;
  if (location.modifier === '~' || location.modifier === '~*' || location.path.startsWith('@')) return [];
  if (named(block, 'location').length > 0 || CHANGES.some((name) => named(block, name).length > 0)) return [];
  const [pass] = named(block, 'proxy_pass');
  const said = pass?.args[0]?.text ?? '';
  const [, name, uri] = said.includes('$') ? [] : (PASS.exec(said) ?? []);
  if (pass === undefined || name === undefined) return [];
  const hosts = hostsBehind(upstreams.get(name), name);
  const [host] = hosts;
  if (host === undefined || new Set(hosts).size > 1) return [];
  return [
    {
      host,
      asked: location.path,
      arrives: uri ?? location.path,
      exact: location.modifier === '=',
      at: pass.place,
      text: `location ${location.path} { proxy_pass ${said}; }`,
    },
  ];
}

function hostsBehind(upstream: NginxDirective | undefined, name: string): readonly string[] {
  if (upstream === undefined) return [name];
  return named(upstream.block, 'server').map((d) => (d.args[0]?.text ?? '').replace(/:\d+$/, ''));
}
