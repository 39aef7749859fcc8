/** How a framework writes paths with parameters. */
export type PathSyntax = 'starlette' | 'flask' | 'express' | 'django' | 'literal';

export interface Pattern {
  readonly expression: RegExp;
  /** False: the pattern may match less or more than the expression says. */
  readonly exact: boolean;
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const CONVERTERS: Readonly<Record<string, string>> = {
  path: '.*',
  int: '[0-9]+',
  float: '[0-9]+(\\.[0-9]+)?',
  str: '[^/]+',
  string: '[^/]+',
  default: '[^/]+',
  slug: '[-a-zA-Z0-9_]+',
  uuid: '[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}',
};

/** Turns a path with parameters into an expression over the request path. */
export function compilePattern(
  path: string,
  syntax: PathSyntax,
  options: { readonly ignoreCase?: boolean; readonly looseSlash?: boolean } = {},
): Pattern {
  let exact = true;
  let source = '';
  const convert = (kind: string | undefined): string => {
    const known = CONVERTERS[kind === undefined || kind === '' ? 'str' : kind];
    if (known === undefined) exact = false;
    return known ?? '.+';
  };
  if (syntax === 'starlette') source = replaceAll(path, /\{\w+(?::(\w+))?\}/g, (kind) => convert(kind));
  else if (syntax === 'flask')
    source = replaceAll(path, /<(?:(\w+)(?:\([^)]*\))?:)?\w+>/g, (kind) => (kind === 'path' ? '.+' : convert(kind)));
  else if (syntax === 'django')
    source = replaceAll(path, /<(?:(\w+):)?\w+>/g, (kind) => (kind === 'path' ? '.+' : convert(kind)));
  else if (syntax === 'express') {
    const result = expressPattern(path);
    source = result.source;
    exact = result.exact;
  } else source = literal(path);
  if (options.looseSlash) source = `${source.replace(/\\\/$/, '')}\\/?`;
  return { expression: new RegExp(`^${source}$`, options.ignoreCase ? 'i' : ''), exact };
}

function replaceAll(path: string, find: RegExp, replace: (kind: string | undefined) => string): string {
  let out = '';
  let at = 0;
  for (const match of path.matchAll(find)) {
    out += literal(path.slice(at, match.index)) + replace(match[1]);
    at = match.index + match[0].length;
  }
  return out + literal(path.slice(at));
}

/** Express 4 and 5, Koa, Hono, Fastify (find-my-way): `:name`, `:name?`, `:name(regex)`, `*`, `*name`, `{…}` optional groups. */
function expressPattern(path: string): { source: string; exact: boolean } {
  let exact = true;
  let source = '';
  for (const match of path.matchAll(
    /(\/?):(\w+)(\([^)]*\)|\{[^}]*\})?([?*+])?|\*\w*|[{}()+?[\]]|[^:*{}()+?[\]/]+|\/|:/g,
  )) {
    const [whole, slash = '', name, regex, modifier] = match;
    if (name !== undefined) {
      if (regex !== undefined) exact = false;
      const one = regex !== undefined ? '.+?' : '[^/]+';
      if (modifier === '?') source += `(?:${literal(slash)}${one})?`;
      else if (modifier === '*') source += `(?:${literal(slash)}.*)?`;
      else source += `${literal(slash)}${modifier === '+' ? '.+' : one}`;
    } else if (whole.startsWith('*')) source += '.*';
    else if (whole === '{') source += '(?:';
    else if (whole === '}') source += ')?';
    else if (/^[()+?[\]]$/.test(whole)) {
      exact = false;
      source += whole === '(' || whole === ')' ? '' : '.*';
    } else source += literal(whole);
  }
  // Braces that do not pair would not compile: then the pattern is not understood and may match anything.
  if ((path.match(/\{/g)?.length ?? 0) !== (path.match(/\}/g)?.length ?? 0)) return { source: '.*', exact: false };
  return { source, exact };
}

/** Joins two path pieces as routers do: exactly one slash between, none doubled. */
export function joinRoute(prefix: string, path: string): string {
  if (prefix === '' || prefix === '/') return path.startsWith('/') || path === '' ? path || prefix : `/${path}`;
  const left = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (path === '' || path === '/') return path === '/' ? `${left}/` : left;
  return path.startsWith('/') ? left + path : `${left}/${path}`;
}
