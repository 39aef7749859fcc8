import { readPackageJson } from '../source/node/package-json.ts';
import type { ProcessSource } from '../source/source.ts';
import { joinPath } from '../source/source-tree.ts';

const BUNDLERS =
  /\b(esbuild|tsup|tsdown|webpack|rollup|rolldown|vite|ncc|parcel|unbuild|rspack|rsbuild|bun build|microbundle|pkg|nx|turbo|encore|gulp|grunt)\b/;
const COMPILERS = /\b(tsc|nest build|swc|babel|tsc-alias|tspc)\b/;

/** Whether the code that runs is what was written, or what a compiler made of it file by file. Bundlers put packages into it. */
export function compiledOnly({
  context,
  launch,
  folder,
}: ProcessSource): 'written' | 'compiled' | 'bundled' | 'unsure' {
  const file = launch.entry?.file;
  if (file === undefined) return 'unsure';
  const runs = joinPath(context.cwd, launch.entry?.written ?? '');
  if (runs === file || `${runs}.js` === file || `${runs}/index.js` === file) return 'written';
  const manifest = readPackageJson(context.tree, folder);
  const scripts = [...(manifest?.scripts ?? [])]
    .filter(([name]) => /build|compile|prepare/.test(name))
    .map(([, text]) => text);
  const nest = context.tree.text(joinPath(folder, 'nest-cli.json')) ?? '';
  if (scripts.some((text) => BUNDLERS.test(text)) || /webpack|rspack|monorepo|projects/.test(nest)) return 'bundled';
  return scripts.some((text) => COMPILERS.test(text)) ? 'compiled' : 'unsure';
}
