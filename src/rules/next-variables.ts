import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

const SOURCE = /\.(?:[cm]?[jt]sx?|mdx)$/;
const RUNTIME = /next-runtime-env|@next-public-env|next-public-env/;

/** Where code of a Next.js application reads a variable in the form that `next build` replaces by its value, without a default that is
 * that value already; undefined when it does not, or when something reads it at run time too. */
export function replacedRead(repo: Repo, folder: string, name: string, value: string | undefined): Place | undefined {
  const inside = folder === '' || folder === '.' ? '' : `${folder}/`;
  const atRunTime = new RegExp(
    `(?:process\\.env|\\benv)\\[\\s*['"\`]${name}|\\benv\\(\\s*['"\`]${name}|\\{[^{}]*\\b${name}\\b[^{}]*\\}\\s*=\\s*process\\.env`,
  );
  const replaced = new RegExp(`\\bprocess\\.env\\.${name}\\b(?:\\s*(?:\\|\\||\\?\\?)\\s*(['"\`])(.*?)\\1)?`, 'g');
  let found: Place | undefined;
  for (const file of repo.files()) {
    if (!file.startsWith(inside) || /(^|\/)(node_modules|\.next|dist|build)\//.test(file)) continue;
    if (/(^|\/)package\.json$/.test(file) && RUNTIME.test(repo.text(file) ?? '')) return undefined;
    if (!SOURCE.test(file) || /\.(test|spec|stories|d)\.\w+$/.test(file)) continue;
    const text = repo.text(file);
    if (!text?.includes(name)) continue;
    if (atRunTime.test(text)) return undefined;
    for (const match of text.matchAll(replaced))
      if (match[2] === undefined || match[2] !== value)
        found ??= new LineIndex(text).place(file, { start: match.index, end: match.index + match[0].length });
  }
  return found;
}
