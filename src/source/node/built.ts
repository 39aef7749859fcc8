import { joinPath, type SourceTree } from '../source-tree.ts';
import type { Alias } from './language.ts';
import { isRecord, readPackageJson } from './package-json.ts';

interface Compiler {
  readonly outDir?: string;
  readonly rootDir?: string;
  readonly baseUrl?: string;
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/** JSON with comments and commas before brackets, as tsconfig files have; undefined when it is not even that. */
export function parseLooseJson(text: string): unknown {
  const clean = text
    .replace(/^\uFEFF/, '')
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) => (match.startsWith('"') ? match : ' '))
    .replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (match) => (match.startsWith('"') ? match : ''));
  try {
    return JSON.parse(clean) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function compilerOf(tree: SourceTree, folder: string, name: string, depth = 0): Compiler | undefined {
  const path = joinPath(folder, name);
  const text = tree.text(path);
  const data = text === undefined ? undefined : parseLooseJson(text);
  if (!isRecord(data) || depth > 4) return undefined;
  const parent = typeof data['extends'] === 'string' && data['extends'].startsWith('.') ? data['extends'] : undefined;
  const base =
    parent === undefined
      ? undefined
      : compilerOf(tree, folder, parent.endsWith('.json') ? parent : `${parent}.json`, depth + 1);
  const options = isRecord(data['compilerOptions']) ? data['compilerOptions'] : {};
  const paths = new Map<string, readonly string[]>(base?.paths ?? []);
  if (isRecord(options['paths']))
    for (const [key, value] of Object.entries(options['paths']))
      if (Array.isArray(value))
        paths.set(
          key,
          value.filter((item): item is string => typeof item === 'string'),
        );
  const pick = (key: 'outDir' | 'rootDir' | 'baseUrl') =>
    typeof options[key] === 'string' ? options[key] : base?.[key];
  const [outDir, rootDir, baseUrl] = [pick('outDir'), pick('rootDir'), pick('baseUrl')];
  return {
    ...(outDir === undefined ? {} : { outDir }),
    ...(rootDir === undefined ? {} : { rootDir }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    paths,
  };
}

/** The TypeScript file that a compiled file comes from, by `outDir` and `rootDir` or by what builders usually do. */
export function sourceOfBuilt(tree: SourceTree, path: string, folder: string): string | undefined {
  const inside = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  if (inside === undefined) return undefined;
  const configs = ['tsconfig.build.json', 'tsconfig.json', 'tsconfig.prod.json', 'tsconfig.server.json'].flatMap(
    (name) => compilerOf(tree, folder, name) ?? [],
  );
  const outs = [
    ...configs.flatMap((config) => (config.outDir === undefined ? [] : [clean(config.outDir)])),
    'dist',
    'build',
    'lib',
    'out',
  ];
  const out = outs.find((candidate) => candidate !== '' && inside.startsWith(`${candidate}/`));
  if (out === undefined) return undefined;
  const stem = inside.slice(out.length + 1).replace(/\.[mc]?js$/, '');
  const roots = [
    ...configs.flatMap((config) => (config.rootDir === undefined ? [] : [clean(config.rootDir)])),
    'src',
    '',
    'server',
    'app',
  ];
  for (const root of new Set(roots)) {
    for (const ext of ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs']) {
      const candidate = joinPath(folder, joinPath(root, stem + ext));
      if (candidate !== path && tree.look(candidate) === 'file') return candidate;
      const index = joinPath(folder, joinPath(root, `${stem}/index${ext}`));
      if (tree.look(index) === 'file') return index;
    }
  }
  return undefined;
}

function clean(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}

/** Import names that stand for folders of the repository: tsconfig `paths` and `baseUrl`, package.json `imports`, workspace packages. */
export function aliasesOf(tree: SourceTree, folder: string): Alias[] {
  const out: Alias[] = [];
  for (const name of ['tsconfig.json', 'tsconfig.app.json', 'jsconfig.json']) {
    const config = compilerOf(tree, folder, name);
    if (!config) continue;
    const base = joinPath(folder, config.baseUrl ?? '.');
    for (const [pattern, targets] of config.paths)
      out.push({ pattern, targets: targets.map((target) => joinPath(base, target)) });
    if (config.baseUrl !== undefined) out.push({ pattern: '*', targets: [joinPath(base, '*')] });
  }
  for (let at = folder, depth = 0; depth < 5; depth++) {
    const manifest = readPackageJson(tree, at);
    for (const workspace of manifest?.workspaces ?? []) out.push(...workspaceAliases(tree, at, workspace));
    if (at === '') break;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
  }
  return out;
}

/** Folders of a workspace glob: `packages/*`, `apps/web`; `**` goes one level. */
export function workspaceFolders(tree: SourceTree, root: string, glob: string): string[] {
  const bare = glob.replace(/^\.\//, '').replace(/\/$/, '').replace('**', '*');
  if (bare.startsWith('!')) return [];
  const star = bare.indexOf('*');
  if (star < 0) return [joinPath(root, bare)];
  const parent = joinPath(root, bare.slice(0, Math.max(0, bare.lastIndexOf('/', star))));
  return tree
    .names(parent)
    .filter((name) => tree.look(joinPath(parent, `${name}/package.json`)) === 'file')
    .map((name) => joinPath(parent, name));
}

function workspaceAliases(tree: SourceTree, root: string, glob: string): Alias[] {
  return workspaceFolders(tree, root, glob).flatMap((folder): Alias[] => {
    const manifest = readPackageJson(tree, folder);
    if (manifest?.name === undefined) return [];
    const main = manifest.main === undefined ? undefined : joinPath(folder, manifest.main);
    const source = main === undefined ? undefined : (sourceOfBuilt(tree, main, folder) ?? main);
    return [
      {
        pattern: manifest.name,
        targets: [
          ...(source === undefined ? [] : [source]),
          joinPath(folder, 'src/index'),
          joinPath(folder, 'index'),
          folder,
        ],
      },
      { pattern: `${manifest.name}/*`, targets: [joinPath(folder, 'src/*'), joinPath(folder, '*')] },
    ];
  });
}
