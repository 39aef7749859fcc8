import { joinPath, type SourceTree } from '../source-tree.ts';
import type { Alias } from './language.ts';
import { isRecord, readPackageJson } from './package-json.ts';
import { readTsconfig } from './tsconfig.ts';

/** The TypeScript file that a compiled file comes from, by `outDir` and `rootDir` or by what builders usually do. */
export function sourceOfBuilt(tree: SourceTree, path: string, folder: string): string | undefined {
  const inside = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  if (inside === undefined) return undefined;
  const configs = ['tsconfig.build.json', 'tsconfig.json', 'tsconfig.prod.json', 'tsconfig.server.json'].flatMap(
    (name) => {
      const config = readTsconfig((file) => tree.text(file), joinPath(folder, name));
      return config === undefined ? [] : [config];
    },
  );
  const outs = [
    ...configs.flatMap(({ options }) => below(options['outDir'], folder) ?? []),
    'dist',
    'build',
    'lib',
    'out',
  ];
  const out = outs.find((candidate) => candidate !== '' && inside.startsWith(`${candidate}/`));
  if (out === undefined) return undefined;
  const stem = inside.slice(out.length + 1).replace(/\.[mc]?js$/, '');
  const roots = [
    ...configs.flatMap(({ options }) => below(options['rootDir'], folder) ?? []),
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

/** A path option as it lies below a folder; undefined where it is not set, not known or elsewhere. */
function below(option: unknown, folder: string): string | undefined {
  if (typeof option !== 'string' || option.includes('$')) return undefined;
  if (option === folder) return '';
  return folder === '' ? option : option.startsWith(`${folder}/`) ? option.slice(folder.length + 1) : undefined;
}

/** Import names that stand for folders of the repository: tsconfig `paths` and `baseUrl`, package.json `imports`, workspace packages. */
export function aliasesOf(tree: SourceTree, folder: string): Alias[] {
  const out: Alias[] = [];
  for (const name of ['tsconfig.json', 'tsconfig.app.json', 'jsconfig.json']) {
    const options = readTsconfig((file) => tree.text(file), joinPath(folder, name))?.options;
    if (!options) continue;
    const { baseUrl, paths } = options;
    const base = typeof baseUrl === 'string' ? baseUrl : folder;
    for (const [pattern, targets] of Object.entries(isRecord(paths) ? paths : {}))
      if (Array.isArray(targets))
        out.push({
          pattern,
          targets: targets.flatMap((target) => (typeof target === 'string' ? [joinPath(base, target)] : [])),
        });
    if (typeof baseUrl === 'string') out.push({ pattern: '*', targets: [joinPath(base, '*')] });
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
