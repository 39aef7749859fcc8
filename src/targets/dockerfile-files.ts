import { baseName } from '../compose/repo-path.ts';
import { resolvePath } from '../repo/link.ts';
import type { Repo } from '../repo/repo.ts';
import type { LeftOut } from './types.ts';

const NAME = /^(?:dockerfile|containerfile)(?:[._-].+)?$|\.(?:dockerfile|containerfile)$/i;
const TEMPLATE = /\.(?:j2|jinja2?|ejs|hbs|handlebars|mustache|tmpl|tpl|template|erb|in|liquid|njk|twig|gotmpl|tt|vm)$/i;
/** Endings of files that are about Dockerfiles and are none. */
const OTHER =
  /\.(?:dockerignore|go|ts|tsx|js|mjs|cjs|jsx|py|rb|rs|java|kt|php|cs|md|mdx|rst|adoc|txt|ya?ml|json|toml|sh|bash|html|css|xml|svg|png|lock|snap|patch|diff|orig|bak|log|pl|el|vim|lua)$/i;

export interface FoundDockerfiles {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Every file that is a Dockerfile by name and content. Templates, empty files and files without `FROM` are left out, with why. */
export function findDockerfiles(repo: Repo, paths: readonly string[]): FoundDockerfiles {
  const files: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const file of paths) {
    const name = baseName(file);
    if (TEMPLATE.test(name) && NAME.test(name.replace(TEMPLATE, ''))) {
      leftOut.push({ file, why: 'a template, from which a Dockerfile is made' });
      continue;
    }
    if (!NAME.test(name) || OTHER.test(name)) continue;
    const why = notADockerfile(repo, file);
    if (why === undefined) files.push(file);
    else leftOut.push({ file, why });
  }
  return { files, leftOut };
}

/** The file that a link leads to: a build through a link is a build of that file, unless an ignore file goes by either name. */
export function realDockerfile(repo: Repo, file: string): string {
  if (repo.entry(file)?.type !== 'symlink') return file;
  const real = resolvePath(repo, file);
  const ignored = [file, real].some((name) => name !== undefined && repo.entry(`${name}.dockerignore`) !== undefined);
  return real === undefined || ignored ? file : real;
}

/** Why a file with the name of a Dockerfile is none; undefined when it is one. */
export function notADockerfile(repo: Repo, file: string): string | undefined {
  if (/\{\{|\{%|<%/.test(file)) return 'lies in a template folder';
  const text = repo.text(file);
  if (text === undefined) return 'cannot be read as text';
  const from = /^[ \t]*FROM[ \t]+(.*)$/im.exec(text);
  if (/^[ \t]*(?:\{%|<%|\{\{[#^/]|\{\{- ?(?:if|range|define))/m.test(text))
    return 'a template, from which a Dockerfile is made';
  if (from === null) return 'has no FROM';
  return /\{\{|<%/.test(from[1] ?? '') ? 'a template, from which a Dockerfile is made' : undefined;
}
