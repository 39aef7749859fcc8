import type { Repo } from '../../repo/repo.ts';

/** How a Node project installs and builds. */
export interface NodeProject {
  readonly manager: 'npm' | 'pnpm' | 'yarn';
  /** Files that the install reads, relative to the context. */
  readonly manifests: readonly string[];
  readonly lock: string | undefined;
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** Whether `engines.node` lets it run on a release line. */
  readonly accepts: (line: string) => boolean;
}

const LOCKS = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
} as const;

/** The project in a folder as package.json says; a text says why it is left alone. */
export function nodeProject(repo: Repo, dir: string): NodeProject | string {
  const path = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  const text = repo.text(path('package.json'));
  if (text === undefined) return 'there is no package.json at the top of the build context';
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = record(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    return `package.json cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (manifest['workspaces'] !== undefined || repo.entry(path('pnpm-workspace.yaml')) !== undefined) {
    return 'it is a workspace: which of its packages this image needs is not known yet';
  }
  const scripts = strings(manifest['scripts']);
  const hook = ['preinstall', 'install', 'postinstall', 'prepare'].find((name) => scripts[name] !== undefined);
  if (hook !== undefined)
    return `its package.json has a ${hook} script, which may need the source before the dependencies are installed`;
  const dependencies = strings(manifest['dependencies']);
  const devDependencies = strings(manifest['devDependencies']);
  const local = Object.entries({ ...dependencies, ...devDependencies }).find(([, version]) =>
    /^(file|link|portal|workspace):/.test(version),
  );
  if (local !== undefined) return `its dependency ${local[0]} is a folder (${local[1]})`;
  const locks = (Object.keys(LOCKS) as (keyof typeof LOCKS)[]).filter((name) => repo.entry(path(name)) !== undefined);
  const managers = new Set(locks.map((name) => LOCKS[name]));
  if (managers.size > 1) return `it has lock files of several package managers (${locks.join(', ')})`;
  const [lock] = locks;
  const settings = ['.npmrc', '.yarnrc.yml', '.yarnrc', 'pnpmfile.cjs', '.pnpmfile.cjs'].filter(
    (name) => repo.entry(path(name)) !== undefined,
  );
  if (repo.entry(path('patches')) !== undefined) return 'it patches dependencies (patches/)';
  const engine = strings(manifest['engines'])['node'];
  return {
    manager: lock === undefined ? 'npm' : LOCKS[lock],
    manifests: ['package.json', ...(lock === undefined ? [] : [lock]), ...settings],
    lock,
    ...about(manifest),
    scripts,
    dependencies: new Set(Object.keys(dependencies)),
    devDependencies: new Set(Object.keys(devDependencies)),
    accepts: (line) => engine === undefined || acceptsLine(engine, Number(line)),
  };
}

/** Reads the usual forms (`>=18`, `^20 || ^22`, `18.x`, `>=18 <21`); anything else refuses, so that nothing is moved on a guess. */
export function acceptsLine(range: string, major: number): boolean {
  return range.split('||').some((part) => {
    const words = part
      .trim()
      .replace(/([<>=^~]+)\s+/g, '$1')
      .split(/\s+/);
    return words.every((word) => {
      const [, operator = '', number = ''] = /^(>=|>|<=|<|\^|~|=)?v?(\d+)(?:\.[\dx*]+)*$/.exec(word) ?? [];
      if (number === '') return word === '*';
      const at = Number(number);
      if (operator === '>=' || operator === '>') return major >= at;
      if (operator === '<') return major < at;
      return operator === '<=' ? major <= at : major === at;
    });
  });
}

function about(manifest: Readonly<Record<string, unknown>>): {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
} {
  const out: { name?: string; version?: string; description?: string } = {};
  for (const key of ['name', 'version', 'description'] as const) {
    const value = manifest[key];
    if (typeof value === 'string' && value !== '') out[key] = value;
  }
  return out;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function strings(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
