import type { Place } from '../text/place.ts';
import { type NginxDirective, type NginxFile, named } from './parse.ts';

export interface NginxListen {
  readonly port: number;
  /** Undefined: every address. */
  readonly address?: string;
  readonly tls: boolean;
  readonly at: Place;
}

export interface NginxLocation {
  readonly modifier: '' | '=' | '~' | '~*' | '^~';
  readonly path: string;
  readonly directive: NginxDirective;
  readonly at: Place;
}

/** A server block of the http context with what rules ask for. */
export interface NginxServer {
  readonly file: NginxFile;
  readonly directive: NginxDirective;
  readonly listens: readonly NginxListen[];
  readonly names: readonly string[];
  readonly root?: { readonly path: string; readonly at: Place };
  readonly locations: readonly NginxLocation[];
  /** `include`s that may add directives: what follows from absence is unknown where there is one. */
  readonly includes: readonly { readonly pattern: string; readonly at: Place }[];
}

/** Server blocks at the top of the file (a file of conf.d) or inside `http`. */
export function serversOf(file: NginxFile): readonly NginxServer[] {
  const http = named(file.directives, 'http').flatMap((d) => d.block ?? []);
  return [...named(file.directives, 'server'), ...named(http, 'server')].map((directive) => serverOf(file, directive));
}

function serverOf(file: NginxFile, directive: NginxDirective): NginxServer {
  const block = directive.block ?? [];
  const root = named(block, 'root')[0];
  const rootPath = root?.args[0]?.text;
  return {
    file,
    directive,
    listens: listensOf(block, directive),
    names: named(block, 'server_name').flatMap((d) => d.args.map((a) => a.text)),
    ...(root === undefined || rootPath === undefined ? {} : { root: { path: rootPath, at: root.place } }),
    locations: named(block, 'location').flatMap(locationOf),
    includes: named(block, 'include').map((d) => ({ pattern: d.args[0]?.text ?? '', at: d.place })),
  };
}

/** Without `listen`, nginx takes port 80 (as root, which official images are). */
function listensOf(block: readonly NginxDirective[], server: NginxDirective): readonly NginxListen[] {
  const written = named(block, 'listen').flatMap((d): NginxListen[] => {
    const first = d.args[0]?.text ?? '';
    const tls = d.args.some((a) => a.text === 'ssl' || a.text === 'quic');
    if (first.startsWith('unix:')) return [];
    const match = /^(?:(\[[^\]]+\]|[^:]+):)?(\d+)$/.exec(first);
    if (match !== null) {
      const address = match[1];
      return [
        {
          port: Number(match[2]),
          tls,
          at: d.place,
          ...(address === undefined || address === '*' || address === '0.0.0.0' || address === '[::]'
            ? {}
            : { address }),
        },
      ];
    }
    return /^[\w.[\]:-]+$/.test(first) && !first.includes('$') ? [{ port: 80, address: first, tls, at: d.place }] : [];
  });
  if (named(block, 'listen').length > 0) return written;
  return [{ port: 80, tls: false, at: server.place }];
}

function locationOf(directive: NginxDirective): readonly NginxLocation[] {
  const [first, second] = directive.args.map((a) => a.text);
  if (first === undefined) return [];
  const glued = /^(=|~\*|~|\^~)(.+)$/.exec(first);
  if (second !== undefined && (first === '=' || first === '~' || first === '~*' || first === '^~')) {
    return [{ modifier: first, path: second, directive, at: directive.place }];
  }
  if (glued?.[1] !== undefined && glued[2] !== undefined) {
    return [{ modifier: glued[1] as NginxLocation['modifier'], path: glued[2], directive, at: directive.place }];
  }
  return [{ modifier: '', path: first, directive, at: directive.place }];
}

/** The location nginx chooses for a path: exact, longest prefix (`^~` stops there), then the first regular expression that matches.
 * `unknown` when a regular expression cannot be read here. */
export function locationFor(server: NginxServer, path: string): NginxLocation | undefined | 'unknown' {
  const exact = server.locations.find((l) => l.modifier === '=' && l.path === path);
  if (exact !== undefined) return exact;
  const prefixes = server.locations.filter(
    (l) => (l.modifier === '' || l.modifier === '^~') && !l.path.startsWith('@') && path.startsWith(l.path),
  );
  const longest = prefixes.sort((a, b) => b.path.length - a.path.length)[0];
  if (longest?.modifier === '^~') return longest;
  for (const location of server.locations) {
    if (location.modifier !== '~' && location.modifier !== '~*') continue;
    const pattern = regularExpression(location.path, location.modifier === '~*');
    if (pattern === undefined) return 'unknown';
    if (pattern.test(path)) return location;
  }
  return longest;
}

/** PCRE that JavaScript reads the same way; undefined for what it does not. */
function regularExpression(source: string, ignoreCase: boolean): RegExp | undefined {
  if (/\(\?[^:=!<]|\\[AzZGK]|\[\[:/.test(source)) return undefined;
  try {
    return new RegExp(source, ignoreCase ? 'i' : '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
