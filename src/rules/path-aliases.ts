import { readPackageJson } from '../source/node/package-json.ts';
import type { ProcessSource } from '../source/source.ts';
import { compiledOnly } from './compiled-only.ts';

/** Whether the code that runs was made by plain tsc, and nothing changes its imports afterwards or teaches Node the aliases. `unsure`:
 * what made it is not known. */
export function keepsAliases(application: ProcessSource): 'yes' | 'no' | 'unsure' {
  const { context, launch, folder } = application;
  const compiled = compiledOnly(application);
  if (compiled !== 'compiled') return compiled === 'unsure' ? 'unsure' : 'no';
  const manifest = readPackageJson(context.tree, folder);
  if (manifest === undefined || context.tree.text(`${folder}/package.json`)?.includes('_moduleAliases') === true)
    return 'no';
  const scripts = [...manifest.scripts].filter(([name]) => /build|compile|prepare/.test(name)).map(([, text]) => text);
  const all = scripts.join(' && ');
  // Nest's own builder rewrites them.
  if (!/\btsc\b/.test(all) || /alias|tspc|ttsc|paths|babel|swc|nest|copy-and|replace|sed /.test(all)) return 'no';
  return launch.argv.some((word) => /^(-r|--require|--import|--loader|--experimental)/.test(word)) ? 'no' : 'yes';
}
