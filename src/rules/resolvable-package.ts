import type { FileTree } from '../simulate/state.ts';
import { isRecord } from '../source/node/package-json.ts';
import type { InstalledModules } from './installed-modules.ts';

/** What an install leaves of a package: `there`, or why `require` does not find it. `unsure`: another package may bring it. */
export type Resolvable = 'there' | 'undeclared' | 'left-out' | 'unsure';

/** Tools that no package depends on: nothing else brings them. */
const NOBODYS = new Set(['nodemon', 'ts-node-dev', 'cross-env', 'concurrently', 'env-cmd', 'dotenv-cli']);

/** Answers for the names that code imports, by package.json and the lock file that the install saw. Undefined: they cannot be read. */
export function resolver({ step, folder, leftOut }: InstalledModules): ((name: string) => Resolvable) | undefined {
  const { tree } = step.before;
  const at = (name: string): string | undefined => textOf(tree, `${folder === '/' ? '' : folder}/${name}`);
  const manifest = parse(at('package.json'));
  if (manifest === undefined || at('pnpm-workspace.yaml') !== undefined) return undefined;
  // Workspaces and aliases at run time put names where none is declared.
  if (
    ['workspaces', '_moduleAliases', 'bundleDependencies', 'bundledDependencies'].some(
      (key) => manifest[key] !== undefined,
    )
  )
    return undefined;
  if (/hoist|linker/.test(`${at('.npmrc') ?? ''}${at('.yarnrc.yml') ?? ''}`)) return undefined;
  const lock = locked(at);
  return (name) => {
    if (
      name === manifest['name'] ||
      ['dependencies', 'optionalDependencies', 'peerDependencies'].some((key) => lists(manifest[key], name))
    )
      return 'there';
    const development = lists(manifest['devDependencies'], name);
    if (development && !leftOut) return 'there';
    const found = lock(name);
    if (found === 'production' || (found === 'development' && !leftOut)) return 'there';
    if (found === 'unsure' && !(development && NOBODYS.has(name))) return 'unsure';
    return development ? 'left-out' : 'undeclared';
  };
}

type Locked = 'production' | 'development' | 'absent' | 'unsure';

/** Whether the lock file puts a package where the project's own code finds it. */
function locked(at: (name: string) => string | undefined): (name: string) => Locked {
  const npm = parse(at('npm-shrinkwrap.json') ?? at('package-lock.json'));
  const packages = npm?.['packages'];
  if (isRecord(packages))
    return (name) => {
      const entry = packages[`node_modules/${name}`];
      if (!isRecord(entry)) return 'absent';
      return entry['dev'] === true ? 'development' : entry['devOptional'] === true ? 'unsure' : 'production';
    };
  const yarn = at('yarn.lock');
  if (yarn !== undefined)
    return (name) => {
      const key = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      if (!new RegExp(`^"?${key}@`, 'm').test(yarn)) return 'absent';
      // Something else depends on it, or only the project does.
      return new RegExp(`^ {4}"?${key}"?:? `, 'm').test(yarn) ? 'unsure' : 'development';
    };
  const pnpm = at('pnpm-lock.yaml');
  // pnpm links what is declared, and nothing else.
  return (name) =>
    pnpm === undefined ? 'unsure' : pnpm.includes(`${name}@`) || pnpm.includes(`/${name}/`) ? 'unsure' : 'absent';
}

function lists(section: unknown, name: string): boolean {
  return isRecord(section) && Object.hasOwn(section, name);
}

function textOf(tree: FileTree, path: string): string | undefined {
  const found = tree.lookup(path);
  return found.known && found.value.presence !== 'absent' ? found.value.content?.() : undefined;
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const data: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isRecord(data) ? data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
