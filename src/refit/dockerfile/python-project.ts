import { parse } from 'smol-toml';
import type { Repo } from '../../repo/repo.ts';

/** How a Python project installs its dependencies. */
export interface PythonProject {
  readonly tool: 'uv' | 'pip' | 'poetry';
  /** Files that the install reads, relative to the context. */
  readonly manifests: readonly string[];
  /** The project itself is installed as a package. */
  readonly isPackage: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  /** Whether the manifests let it run on a release line (`3.13`). */
  readonly accepts: (line: string) => boolean;
}

type Table = { readonly [key: string]: unknown };

/** The project in a folder as its manifests say, for the tool that the Dockerfile uses; a text says why it cannot be told. */
export function pythonProject(
  repo: Repo,
  dir: string,
  tool: PythonProject['tool'],
  requirement: readonly string[],
): PythonProject | string {
  const path = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  const manifest = repo.text(path('pyproject.toml'));
  let pyproject: Table = {};
  if (manifest !== undefined) {
    try {
      pyproject = parse(manifest) as Table;
    } catch (error) {
      return `pyproject.toml cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
    }
  }
  const project = table(pyproject['project']);
  const poetryPython = text(
    'python',
    table(table(table(pyproject['tool'])['poetry'])['dependencies'])['python'],
  ).python;
  const range = text('python', project['requires-python']).python ?? poetryPython;
  const pinned = repo.text(path('.python-version'))?.trim();
  const about = {
    accepts: (line: string) =>
      (pinned === undefined || `${pinned}.`.startsWith(`${line}.`)) &&
      (range === undefined || acceptsPython(range, line)),
    ...text('name', project['name']),
    ...text('version', project['version']),
    ...text('description', project['description']),
  };
  if (tool === 'pip') {
    const files = requirementFiles(repo, path, requirement);
    return typeof files === 'string' ? files : { tool, manifests: files, isPackage: false, ...about };
  }
  if (manifest === undefined) return `there is no pyproject.toml in the build context`;
  const lock = tool === 'uv' ? 'uv.lock' : 'poetry.lock';
  if (repo.entry(path(lock)) === undefined)
    return `there is no ${lock}: without it each build may install something else`;
  const settings = table(table(pyproject['tool'])[tool]);
  if (tool === 'uv') {
    if (settings['workspace'] !== undefined) return 'it is a uv workspace, whose members Plimsoll does not lay out yet';
    const sources = Object.values(table(settings['sources']));
    if (sources.some((source) => 'path' in table(source) || 'workspace' in table(source)))
      return 'a dependency is a folder of the repository';
    const isPackage =
      settings['package'] === true || (settings['package'] !== false && pyproject['build-system'] !== undefined);
    return { tool, manifests: ['pyproject.toml', lock], isPackage, ...about };
  }
  const name = project['name'] === undefined ? text('name', settings['name']) : {};
  return {
    tool,
    manifests: ['pyproject.toml', lock],
    isPackage: settings['package-mode'] !== false && hasPackage(repo, dir, { ...about, ...name }),
    ...about,
    ...name,
  };
}

/** Reads the usual specifiers (`>=3.11`, `>=3.11,<3.14`, `^3.12`, `~=3.11`, `==3.12.*`); what it cannot read refuses. */
export function acceptsPython(range: string, line: string): boolean {
  const minor = Number(line.split('.')[1]);
  return range.split(',').every((part) => {
    const [, operator = '', major = '', at = '0'] =
      /^(>=|>|<=|<|~=|==|!=|\^|~)?\s*(\d+)(?:\.(\d+))?(?:\.[\d*]+)?$/.exec(part.trim()) ?? [];
    if (operator === '<' && Number(major) > 3) return true;
    if (major !== '3') return false;
    if (operator === '>=' || operator === '>' || operator === '^') return minor >= Number(at);
    if (operator === '<') return minor < Number(at);
    if (operator === '<=') return minor <= Number(at);
    if (operator === '!=') return minor !== Number(at);
    return operator === '~=' && !/\.\d+\.\d+/.test(part) ? minor >= Number(at) : minor === Number(at);
  });
}

/** Poetry installs the project only when its package is there; most applications are installed with --no-root. */
function hasPackage(repo: Repo, dir: string, about: { readonly name?: string }): boolean {
  const folder = about.name?.replaceAll('-', '_').toLowerCase() ?? '';
  const path = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  return folder !== '' && (repo.entry(path(folder)) !== undefined || repo.entry(path(`src/${folder}`)) !== undefined);
}

/** The requirement files and what they include, or why they need more than themselves. */
function requirementFiles(
  repo: Repo,
  path: (name: string) => string,
  first: readonly string[],
): readonly string[] | string {
  const found = new Set<string>();
  const queue = [...first];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const clean = file.replace(/^\.\//, '');
    if (found.has(clean)) continue;
    const content = repo.text(path(clean));
    if (content === undefined) return `${clean} is not in the build context`;
    found.add(clean);
    const folder = clean.includes('/') ? clean.slice(0, clean.lastIndexOf('/') + 1) : '';
    for (const line of content.split(/\r?\n/).map((item) => item.trim())) {
      const [, included] = /^(?:-r|-c|--requirement|--constraint)[ =]*(\S+)/.exec(line) ?? [];
      if (included !== undefined) queue.push(folder + included);
      if (/^(-e|--editable)\b|^\.{1,2}(\/|\[|$)|^file:/.test(line)) return `${clean} installs a folder (\`${line}\`)`;
    }
  }
  return [...found].sort();
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function text<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]: string }) : {};
}
