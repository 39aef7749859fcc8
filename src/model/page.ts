import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

/** A page that a bundler builds and a web server hands out: what its own code says about it. */
export interface Page {
  /** Folder of its package.json. */
  readonly root: string;
  readonly bundler: 'vite' | 'react-scripts' | 'vue-cli' | 'angular' | 'other';
  /** Where it changes the path without asking the server (history API or a router that does). */
  readonly history?: { readonly at: Place; readonly text: string };
  /** Build-time variables it reads, by name. */
  readonly variables: ReadonlyMap<string, Place>;
}

const SOURCE = /\.(jsx?|tsx?|mjs|vue|svelte|html)$/;
const HISTORY: readonly (readonly [RegExp, string])[] = [
  [/\bhistory\.(?:pushState|replaceState)\(/, 'the page changes its path with the history API'],
  [/<BrowserRouter\b|\bcreateBrowserRouter\(/, 'the page uses a browser router'],
  [/\bcreateWebHistory\(/, 'the page uses the history mode of vue-router'],
  [/\bprovideRouter\(|\bRouterModule\.forRoot\(/, 'the page uses the Angular router'],
];
/** One of these is in every file that any of the expressions matches: most files hold none, and this is quick to see. */
const WORDS = [
  'State(',
  'BrowserRouter',
  'createWebHistory(',
  'provideRouter(',
  'RouterModule',
  'import.meta.env',
  'process.env',
];
const VARIABLE = /\bimport\.meta\.env\.(VITE_\w+)|\bprocess\.env\.((?:REACT_APP|VUE_APP|NEXT_PUBLIC|PUBLIC)_\w+)/g;

/** The page in a folder, or undefined when it holds none. Hash routers and server rendering are not pages in this sense. */
export function pageIn(repo: Repo, folder: string): Page | undefined {
  const path = folder === '' || folder === '.' ? 'package.json' : `${folder}/package.json`;
  const bundler = bundlerOf(repo.text(path) ?? '');
  if (bundler === undefined) return undefined;
  const root = folder === '.' ? '' : folder;
  const variables = new Map<string, Place>();
  let history: Page['history'];
  for (const file of repo.files()) {
    if (root !== '' && !file.startsWith(`${root}/`)) continue;
    if (
      !SOURCE.test(file) ||
      /(^|\/)(node_modules|dist|build|coverage|\.next)\//.test(file) ||
      /\.(test|spec|stories)\./.test(file)
    )
      continue;
    const text = repo.text(file) ?? '';
    if (!WORDS.some((word) => text.includes(word))) continue;
    const lines = new LineIndex(text);
    for (const match of text.matchAll(VARIABLE)) {
      const name = match[1] ?? match[2] ?? '';
      // Only the fallback of a value that the page reads when it starts: `globalThis.__config?.NAME ?? import.meta.env.NAME`.
      if (/__config\??\.\w+\s*\?\?\s*$/.test(text.slice(Math.max(0, match.index - 80), match.index))) continue;
      if (!variables.has(name))
        variables.set(name, lines.place(file, { start: match.index, end: match.index + match[0].length }));
    }
    for (const [pattern, said] of HISTORY) {
      const match = history === undefined ? pattern.exec(text) : null;
      if (match !== null)
        history = { at: lines.place(file, { start: match.index, end: match.index + match[0].length }), text: said };
    }
  }
  return { root, bundler, variables, ...(history === undefined ? {} : { history }) };
}

function bundlerOf(packageJson: string): Page['bundler'] | undefined {
  let names: Record<string, unknown>;
  try {
    const parsed = JSON.parse(packageJson) as { dependencies?: object; devDependencies?: object };
    names = { ...parsed.dependencies, ...parsed.devDependencies };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const has = (name: string): boolean => Object.hasOwn(names, name);
  // These render on a server of their own, or write a file for each route.
  if (
    ['next', 'nuxt', '@sveltejs/kit', 'astro', 'gatsby', '@remix-run/dev', '@react-router/dev', 'vitepress'].some(has)
  )
    return undefined;
  if (has('vite')) return 'vite';
  if (has('react-scripts')) return 'react-scripts';
  if (has('@vue/cli-service')) return 'vue-cli';
  if (has('@angular/core')) return 'angular';
  return has('webpack') || has('parcel') || has('rollup') ? 'other' : undefined;
}
