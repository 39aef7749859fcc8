import { joinPath, type SourceTree } from '../source-tree.ts';
import { parseLooseJson } from './built.ts';
import { isRecord } from './package-json.ts';

/** What a tsconfig file says of where its output lands. Paths are those of the tree. */
export interface CompilerProject {
  readonly outDir: string;
  /** Undefined: the folder that all its files have in common, until TypeScript 6. */
  readonly rootDir?: string;
  readonly includes: (path: string) => boolean;
}

interface Raw {
  readonly folder: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly files?: readonly string[];
}

/** Reads a tsconfig file with what it extends; undefined where something decides that is not read here. */
export function compilerProject(tree: SourceTree, folder: string, name: string): CompilerProject | undefined {
  const raw = read(tree, joinPath(folder, name), 0);
  if (raw === undefined) return undefined;
  const { options } = raw;
  const { outDir, rootDir } = options;
  if (typeof outDir !== 'string' || outDir.includes('$') || (rootDir !== undefined && typeof rootDir !== 'string'))
    return undefined;
  const moved = ['composite', 'noEmit', 'emitDeclarationOnly', 'outFile', 'rootDirs', 'allowJs'];
  if (moved.some((key) => options[key])) return undefined;
  // Names that lead out of the project bring further files in.
  if (JSON.stringify(options['paths'] ?? {}).includes('../')) return undefined;
  const include = raw.include ?? (raw.files === undefined ? ['**/*'] : []);
  const exclude = raw.exclude ?? ['node_modules', 'bower_components', 'jspm_packages', outDir];
  const taken = include.map((pattern) => matcher(raw.folder, pattern));
  const left = exclude.map((pattern) => matcher(raw.folder, pattern));
  const files = new Set((raw.files ?? []).map((file) => joinPath(raw.folder, file)));
  return {
    outDir: joinPath(raw.folder, outDir),
    ...(typeof rootDir === 'string' ? { rootDir: joinPath(raw.folder, rootDir) } : {}),
    includes: (path) =>
      files.has(path) ||
      (!/(^|\/)node_modules\//.test(path) && taken.some((one) => one(path)) && !left.some((one) => one(path))),
  };
}

/** Paths of options are relative to the file that states them: only files of one folder are joined. */
function read(tree: SourceTree, path: string, depth: number): Raw | undefined {
  const text = tree.text(path);
  const data = text === undefined ? undefined : parseLooseJson(text);
  if (!isRecord(data) || depth > 4 || data['references'] !== undefined) return undefined;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '/';
  const parent = data['extends'];
  let base: Raw | undefined;
  if (typeof parent === 'string' && /^\.\/[^/]+$/.test(parent))
    base = read(tree, joinPath(folder, parent.endsWith('.json') ? parent : `${parent}.json`), depth + 1);
  else if (parent !== undefined && !(typeof parent === 'string' && parent.startsWith('@tsconfig/'))) return undefined;
  if (typeof parent === 'string' && parent.startsWith('.') && base === undefined) return undefined;
  const own = isRecord(data['compilerOptions']) ? data['compilerOptions'] : {};
  const list = (key: 'include' | 'exclude' | 'files'): readonly string[] | undefined =>
    Array.isArray(data[key]) ? data[key].filter((item): item is string => typeof item === 'string') : base?.[key];
  const [include, exclude, files] = [list('include'), list('exclude'), list('files')];
  return {
    folder,
    options: { ...base?.options, ...own },
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(files === undefined ? {} : { files }),
  };
}

/** A pattern of include or exclude: a folder stands for all below it. */
function matcher(folder: string, pattern: string): (path: string) => boolean {
  const bare = joinPath(folder, pattern);
  const source = bare
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?/g, '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0000', '(?:.*/)?');
  const regex = new RegExp(`^${source.replace(/\(\?:\.\*\/\)\?$/, '.*')}(?:/.*)?$`);
  return (path) => regex.test(path);
}
