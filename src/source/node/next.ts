import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { linePlace, type Place } from '../../text/place.ts';
import { Draft } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { RouteKind, RouteTable } from '../routes/route-table.ts';
import { joinPath, type SourceTree } from '../source-tree.ts';

/** Settings of next.config.* that change what is served or built; undefined where the file does not say. */
export interface NextConfig {
  readonly file?: string;
  readonly basePath: Fact<string>;
  readonly output: Fact<'standalone' | 'export' | null>;
  /** Redirects, rewrites, custom server or plugins that may change routes. */
  readonly rewrites: boolean;
  readonly trailingSlash: boolean;
}

/** Reads next.config.{js,mjs,ts,cjs} as text: only literal values count, anything computed is unknown. */
export function nextConfig(tree: SourceTree, folder: string): NextConfig {
  const name = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs'].find(
    (file) => tree.look(joinPath(folder, file)) === 'file',
  );
  const text = name === undefined ? undefined : tree.text(joinPath(folder, name));
  if (name === undefined || text === undefined)
    return { basePath: known(''), output: known(null), rewrites: false, trailingSlash: false };
  const file = tree.origin(joinPath(folder, name));
  const value = (key: string): Fact<string | null> => {
    const found = [
      ...text
        .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) => ' '.repeat(match.length))
        .matchAll(new RegExp(`(?<![\\w.])${key}\\s*:\\s*([^,\\n}]+)`, 'g')),
    ];
    if (found.length === 0) return known(null);
    const literal = found.length === 1 ? /^(['"])(.*)\1\s*$/.exec((found[0]?.[1] ?? '').trim()) : null;
    return literal
      ? known(literal[2] ?? '', {
          kind: 'source',
          at: lineOf(file, text, found[0]?.index ?? 0),
          text: `${key} is ${literal[2] ?? ''}`,
        })
      : unknown(`${key} is computed in ${name}`);
  };
  const base = value('basePath');
  const output = value('output');
  return {
    file,
    basePath: base.known ? known(base.value ?? '', ...base.because) : base,
    output: output.known
      ? output.value === null || output.value === 'standalone' || output.value === 'export'
        ? known(output.value, ...output.because)
        : unknown(`output ${output.value} is not known`)
      : output,
    rewrites: /\b(rewrites|redirects)\b|withNextIntl|next-intl|i18n\s*:/.test(text),
    trailingSlash: /trailingSlash\s*:\s*true/.test(text),
  };
}

function lineOf(file: string, text: string, offset: number): Place {
  return linePlace(file, text.slice(0, offset).split('\n').length);
}

/** Routes of a Next.js application by its folders: `app` (page, route) and `pages` (with `pages/api`). */
export function nextRoutes(tree: SourceTree, folder: string): Fact<RouteTable> {
  const config = nextConfig(tree, folder);
  if (!config.basePath.known) return config.basePath;
  const draft = new Draft();
  const root = ['app', 'src/app', 'pages', 'src/pages']
    .map((name) => joinPath(folder, name))
    .filter((path) => tree.look(path) === 'directory');
  if (root.length === 0) return unknown('there is neither an app nor a pages folder');
  const at = linePlace(config.file ?? tree.origin(joinPath(folder, 'package.json')), 1);
  const reason = (text: string): Reason => ({ kind: 'source', at, text });
  for (const path of root) walk(tree, draft, path, config.basePath.value, path.endsWith('app'), 0);
  if (config.rewrites)
    draft.leave(
      '',
      'rewrites or redirects in next.config may answer',
      reason('next.config has rewrites, redirects or i18n'),
    );
  for (const name of [
    'middleware.ts',
    'middleware.js',
    'src/middleware.ts',
    'src/middleware.js',
    'proxy.ts',
    'src/proxy.ts',
  ]) {
    if (tree.look(joinPath(folder, name)) === 'file')
      draft.leave('', 'a middleware may answer or rewrite', {
        kind: 'source',
        at: linePlace(tree.origin(joinPath(folder, name)), 1),
        text: 'runs before routes',
      });
  }
  draft.leave(
    joinRoute(config.basePath.value, '/_next'),
    'files of the build are served there',
    reason('the application'),
  );
  for (const name of tree.names(joinPath(folder, 'public'))) {
    const path = joinRoute(config.basePath.value, `/${name}`);
    if (tree.look(joinPath(folder, `public/${name}`)) === 'file')
      draft.routes.push({
        method: 'GET',
        path,
        kind: 'static',
        at: linePlace(tree.origin(joinPath(folder, `public/${name}`)), 1),
        via: [],
      });
    else draft.leave(path, 'files of public are served there', reason('the public folder'));
  }
  return known(
    makeTable({
      framework: 'Next.js',
      at,
      routes: draft.routes,
      open: draft.ends,
      syntax: 'express',
      slash: 'redirect',
      ignoreCase: false,
      head: true,
    }),
    ...config.basePath.because,
  );
}

function walk(tree: SourceTree, draft: Draft, folder: string, prefix: string, app: boolean, depth: number): void {
  if (depth > 24) return;
  for (const name of tree.names(folder)) {
    const path = `${folder}/${name}`;
    if (tree.look(path) === 'directory') {
      // (group) and @slot leave no trace in the URL; _private folders are no routes; (.)intercepts show elsewhere.
      if (app && (/^_/.test(name) || /^\(\.+\)/.test(name))) continue;
      const part = app && /^(\(.*\)|@.*)$/.test(name) ? '' : `/${segment(name)}`;
      walk(tree, draft, path, prefix + part, app, depth + 1);
      continue;
    }
    const file = /^(.+)\.(tsx|ts|jsx|js|mdx|md)$/.exec(name);
    const stem = file?.[1];
    if (stem === undefined || /\.(test|spec|d)$/.test(stem)) continue;
    const place = linePlace(tree.origin(path), 1);
    const push = (method: string, route: string, kind: RouteKind, at: Place = place) =>
      draft.routes.push({ method, path: route === '' ? '/' : route, kind, at, via: [] });
    if (app) {
      if (stem === 'page') push('GET', prefix, 'page');
      else if (stem === 'route') {
        const text = tree.text(path) ?? '';
        const verbs = [
          ...text.matchAll(
            /export\s+(?:(?:async\s+)?function|const|let|var)\s+(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b/g,
          ),
        ];
        for (const verb of verbs) push(verb[1] ?? '*', prefix, 'http', lineOf(tree.origin(path), text, verb.index));
        // `export { handler as GET }`, `export const { GET, POST } = …`, `export * from`.
        if (verbs.length === 0 || /export\s*(\{|\*|const\s*\{)/.test(text)) push('*', prefix, 'http');
      } else if (/^(robots|sitemap|manifest|icon|apple-icon|opengraph-image|twitter-image|favicon)\d*$/.test(stem))
        draft.leave(`${prefix}/${stem}`, 'a generated file is served there', { kind: 'source', at: place, text: stem });
    } else if (!/^_(app|document|error|middleware)$/.test(stem)) {
      const route = stem === 'index' ? prefix : `${prefix}/${segment(stem)}`;
      push(
        /\/pages\/api(\/|$)/.test(folder) || (/(^|\/)pages$/.test(folder) === false && route.startsWith('/api/'))
          ? '*'
          : 'GET',
        route,
        route.startsWith('/api') ? 'http' : 'page',
      );
    }
  }
}

/** `[id]` → `:id`, `[...all]` → `*`, `[[...all]]` → anything or nothing. */
function segment(name: string): string {
  if (/^\[\[\.\.\..+\]\]$/.test(name)) return '*';
  if (/^\[\.\.\..+\]$/.test(name)) return '*';
  const one = /^\[(.+)\]$/.exec(name);
  return one ? `:${(one[1] ?? 'id').replace(/\W/g, '_')}` : name;
}
