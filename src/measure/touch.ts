/** Files whose change stands for a day's work, best first; and what to append to them. Nothing that runs changes. */
export interface Touch {
  readonly file: string;
  /** The text that is appended; `mark` makes it different each time. */
  readonly append: (mark: string) => string;
}

const hash = (mark: string): string => `\n# ${mark}\n`;
const slashes = (mark: string): string => `\n// ${mark}\n`;
const block = (mark: string): string => `\n/* ${mark} */\n`;
const markup = (mark: string): string => `\n<!-- ${mark} -->\n`;
/** JSON has no comments: blanks at the end, as many as the mark's digits say, change the bytes and not the meaning. */
const blanks = (mark: string): string => `${' '.repeat(1 + (Number.parseInt(mark.slice(-4), 16) % 4000 || 0))}\n`;

const code: readonly (readonly [RegExp, Touch['append']])[] = [
  [/\.(py|rb|pl|ex|exs|r)$/, hash],
  [/\.(tsx?|jsx?|mjs|cjs|go|rs|java|kt|scala|cs|c|cc|cpp|swift|php|dart)$/, slashes],
  [/\.(css|scss|less)$/, block],
  [/\.(html|vue|svelte)$/, markup],
];

const notCode =
  /(^|\/)(tests?|__tests__|e2e|spec|docs?|scripts|migrations|alembic|node_modules|\.[^/]+)\/|\.(test|spec|stories|d)\.[^/]+$|(^|\/)(test_[^/]*|conftest|setup|manage|noxfile)\.py$|\.config\.[^/]+$|(^|\/)\.[^/]*rc\.[^/]+$/;

const entryNames = /(^|\/)(main|app|index|server|App|lib|mod)\.[a-z]+$/;

/** Source files that a build takes in, likeliest entry points first.
 * @param files paths below the build context
 * @param taken what the Dockerfile copies from the context (paths and globs as written) */
export function codeFiles(files: readonly string[], taken: readonly string[]): Touch[] {
  return files
    .filter((file) => !notCode.test(file) && takenIn(file, taken))
    .flatMap((file) => {
      const append = code.find(([shape]) => shape.test(file))?.[1];
      return append === undefined ? [] : [{ file, append }];
    })
    .sort((a, b) => rank(a.file) - rank(b.file) || a.file.localeCompare(b.file));
}

function rank(file: string): number {
  const depth = file.split('/').length;
  const kind = /\.(css|scss|less|html)$/.test(file) ? 50 : 0;
  // An empty package marker is no day's work.
  const marker = /(^|\/)__init__\.py$/.test(file) ? 30 : 0;
  return kind + marker + (entryNames.test(file) ? 0 : 10) + depth;
}

const manifests: readonly (readonly [RegExp, Touch['append']])[] = [
  [/(^|\/)(uv|poetry|pdm|Cargo)\.lock$/, hash],
  [/(^|\/)(package-lock|npm-shrinkwrap|composer)\.(json|lock)$/, blanks],
  [/(^|\/)(pnpm-lock\.yaml|yarn\.lock)$/, hash],
  [/(^|\/)requirements[^/]*\.(txt|lock)$|(^|\/)requirements\/[^/]+\.txt$/, hash],
  [/(^|\/)go\.mod$/, slashes],
  [/(^|\/)Gemfile\.lock$/, (mark) => '\n'.repeat(1 + (mark.length % 3))],
  [/(^|\/)(pyproject|Cargo)\.toml$/, hash],
  [/(^|\/)package\.json$/, blanks],
  [/(^|\/)Pipfile\.lock$/, blanks],
  [/(^|\/)(pom\.xml)$/, markup],
];

/** Lock files and manifests that a build takes in, locks first. */
export function dependencyFiles(files: readonly string[], taken: readonly string[]): Touch[] {
  const found: { touch: Touch; order: number }[] = [];
  for (const file of files) {
    if (/(^|\/)(node_modules|\.[^/]+)\//.test(file) || !takenIn(file, taken)) continue;
    const order = manifests.findIndex(([shape]) => shape.test(file));
    const append = manifests[order]?.[1];
    if (append !== undefined) found.push({ touch: { file, append }, order: order + 20 * file.split('/').length });
  }
  return found.sort((a, b) => a.order - b.order).map((item) => item.touch);
}

/** Whether a COPY source as written takes a file in. Generous: a build that does not change tells the truth in the end. */
function takenIn(file: string, taken: readonly string[]): boolean {
  return taken.some((written) => {
    const path = written.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
    if (path === '' || path === '.') return true;
    if (file === path || file.startsWith(`${path}/`)) return true;
    if (!/[*?[]/.test(path)) return false;
    const shape = path
      .split('/')
      .map((part) =>
        part
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replace(/\*/g, '[^/]*')
          .replace(/\?/g, '[^/]'),
      )
      .join('/');
    return new RegExp(`^${shape.replace(/\[(?!\^\/\])/g, '\\[')}(/|$)`).test(file);
  });
}
