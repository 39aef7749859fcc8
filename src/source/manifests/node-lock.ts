import { workspaceFolders } from '../node/built.ts';
import { isRecord, type PackageJson, readPackageJson } from '../node/package-json.ts';
import { joinPath, type SourceTree } from '../source-tree.ts';

export interface LockedPackage {
  readonly version: string;
  readonly bins: readonly string[];
  readonly dev: boolean;
  readonly optional: boolean;
  readonly hasInstallScript: boolean;
}

/** A lock file of npm, pnpm, yarn or bun. */
export interface NodeLock {
  readonly file: string;
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'yarn-berry' | 'bun';
  /** lockfileVersion as written. */
  readonly version?: string;
  /** Packages at the top of node_modules, where the file tells; empty where it was not read. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
  /** Direct dependencies that package.json has and the lock file has not, or with another clause: `npm ci` refuses. Only for npm and pnpm. */
  readonly mismatches: readonly {
    readonly name: string;
    readonly manifest: string;
    readonly lock: string | undefined;
  }[];
  readonly problem?: string;
}

const FILES = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const;

/** Lock files that lie in a folder; several are a fault worth a finding. */
export function readNodeLocks(tree: SourceTree, folder: string): NodeLock[] {
  const manifest = readPackageJson(tree, folder);
  return FILES.flatMap(([name, manager]): NodeLock[] => {
    const path = joinPath(folder, name);
    if (tree.look(path) !== 'file') return [];
    const text = tree.text(path);
    const base = { file: tree.origin(path), manager, packages: new Map<string, LockedPackage>(), mismatches: [] };
    if (text === undefined) return [base];
    if (manager === 'npm') return [npm(text, base.file, manifest)];
    if (manager === 'pnpm') return [pnpm(text, base.file, manifest)];
    if (manager === 'yarn') return [yarn(text, base.file)];
    return [base];
  });
}

function npm(text: string, file: string, manifest: PackageJson | undefined): NodeLock {
  const packages = new Map<string, LockedPackage>();
  const base = { file, manager: 'npm' as const, packages };
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ...base, mismatches: [], problem: error instanceof Error ? error.message : String(error) };
  }
  if (!isRecord(data)) return { ...base, mismatches: [], problem: 'is not an object' };
  const version = String(data['lockfileVersion'] ?? '1');
  const listed = isRecord(data['packages']) ? data['packages'] : undefined;
  const entries = listed ?? (isRecord(data['dependencies']) ? data['dependencies'] : {});
  for (const [path, value] of Object.entries(entries)) {
    if (!isRecord(value)) continue;
    const name = listed ? /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] : path;
    if (name === undefined) continue;
    const bin = value['bin'];
    packages.set(name, {
      version: typeof value['version'] === 'string' ? value['version'] : '',
      bins: isRecord(bin) ? Object.keys(bin) : typeof bin === 'string' ? [name.replace(/^@[^/]*\//, '')] : [],
      dev: value['dev'] === true || value['devOptional'] === true,
      optional: value['optional'] === true,
      hasInstallScript: value['hasInstallScript'] === true,
    });
  }
  const root = listed && isRecord(listed['']) ? listed[''] : undefined;
  return {
    ...base,
    version,
    mismatches:
      root && manifest
        ? compare(manifest, (section, name) => (isRecord(root[section]) ? root[section][name] : undefined))
        : [],
  };
}

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

function compare(manifest: PackageJson, locked: (section: string, name: string) => unknown): NodeLock['mismatches'] {
  const out: { name: string; manifest: string; lock: string | undefined }[] = [];
  for (const section of SECTIONS) {
    for (const [name, clause] of manifest[section]) {
      // A package that is optional too stands in that section of the lock file.
      if (section === 'dependencies' && manifest.optionalDependencies.has(name)) continue;
      const found = locked(section, name);
      const text = typeof found === 'string' ? found : undefined;
      if (text === undefined ? !SECTIONS.some((other) => locked(other, name) !== undefined) : text !== clause)
        out.push({ name, manifest: clause, lock: text });
    }
  }
  return out;
}

function pnpm(text: string, file: string, manifest: PackageJson | undefined): NodeLock {
  const version = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(text)?.[1];
  const packages = new Map<string, LockedPackage>();
  const specifiers = new Map<string, string>();
  // pnpm writes one shape: the importer `.` lists direct dependencies with specifier and version.
  const importer = /^importers:\r?\n(?:[\s\S]*?\n)?[ ]{2}\.:\r?\n([\s\S]*?)(?=\n[ ]{2}\S|\n\S|$(?![\s\S]))/m.exec(
    text,
  )?.[1];
  let section = '';
  let name = '';
  for (const line of (importer ?? '').split(/\r?\n/)) {
    const head = /^ {4}(\w+):/.exec(line)?.[1];
    if (head !== undefined) section = head;
    const dependency = /^ {6}(?:'([^']+)'|"([^"]+)"|([^\s:]+)):\s*$/.exec(line);
    if (dependency) name = dependency[1] ?? dependency[2] ?? dependency[3] ?? '';
    const clause = /^ {8}specifier:\s*(.+?)\s*$/.exec(line)?.[1];
    if (clause !== undefined) specifiers.set(`${section} ${name}`, clause.replace(/^(['"])(.*)\1$/, '$2'));
    const locked = /^ {8}version:\s*['"]?([^'"(\s]+)/.exec(line)?.[1];
    if (locked !== undefined)
      packages.set(name, {
        version: locked,
        bins: [],
        dev: section === 'devDependencies',
        optional: section === 'optionalDependencies',
        hasInstallScript: false,
      });
  }
  const readable =
    importer !== undefined && manifest !== undefined && !text.includes('catalog:') && !/^overrides:/m.test(text);
  return {
    file,
    manager: 'pnpm',
    ...(version === undefined ? {} : { version }),
    packages,
    mismatches: readable ? compare(manifest, (part, key) => specifiers.get(`${part} ${key}`)) : [],
  };
}

function yarn(text: string, file: string): NodeLock {
  const berry = /^__metadata:/m.test(text);
  const packages = new Map<string, LockedPackage>();
  for (const match of text.matchAll(/^"?((?:@[^/\s"]+\/)?[^@\s",]+)@[^\n]*:\r?\n\s+version:?\s+"?([^"\s]+)/gm))
    if (!packages.has(match[1] ?? ''))
      packages.set(match[1] ?? '', {
        version: match[2] ?? '',
        bins: [],
        dev: false,
        optional: false,
        hasInstallScript: false,
      });
  return { file, manager: berry ? 'yarn-berry' : 'yarn', packages, mismatches: [] };
}

/** Manifests of all workspaces below a root, the root's own first. */
export function workspaceManifests(tree: SourceTree, root: string): PackageJson[] {
  const manifest = readPackageJson(tree, root);
  if (!manifest) return [];
  const folders = new Set(manifest.workspaces.flatMap((glob) => workspaceFolders(tree, root, glob)));
  return [manifest, ...[...folders].sort().flatMap((folder) => readPackageJson(tree, folder) ?? [])];
}
