import { joinPath, type SourceTree } from '../source-tree.ts';
import { readTsconfig } from './tsconfig.ts';

/** What a tsconfig file says of where its output lands. Paths are those of the tree. */
export interface CompilerProject {
  readonly outDir: string;
  /** Undefined: the folder that all its files have in common, until TypeScript 6. */
  readonly rootDir?: string;
  readonly includes: (path: string) => boolean;
}

/** Reads a tsconfig file with what it extends; undefined where something decides that is not read here. */
export function compilerProject(tree: SourceTree, folder: string, name: string): CompilerProject | undefined {
  const raw = readTsconfig((file) => tree.text(file), joinPath(folder, name));
  if (raw === undefined || !raw.whole || raw.references.length > 0) return undefined;
  const { options } = raw;
  const { outDir, rootDir } = options;
  if (typeof outDir !== 'string' || outDir.includes('$') || (rootDir !== undefined && typeof rootDir !== 'string'))
    return undefined;
  const moved = ['composite', 'noEmit', 'emitDeclarationOnly', 'outFile', 'rootDirs', 'allowJs'];
  if (moved.some((key) => options[key])) return undefined;
  // Names that lead out of the project bring further files in.
  if (JSON.stringify(options['paths'] ?? {}).includes('../')) return undefined;
  const include = raw.include ?? (raw.files === undefined ? [joinPath(folder, '**/*')] : []);
  const standard = ['node_modules', 'bower_components', 'jspm_packages'].map((one) => joinPath(folder, one));
  const taken = include.map(matcher);
  const left = (raw.exclude ?? [...standard, outDir]).map(matcher);
  const files = new Set(raw.files);
  return {
    outDir,
    ...(typeof rootDir === 'string' ? { rootDir } : {}),
    includes: (path) =>
      files.has(path) ||
      (!/(^|\/)node_modules\//.test(path) && taken.some((one) => one(path)) && !left.some((one) => one(path))),
  };
}

/** A pattern of include or exclude: a folder stands for all below it. */
function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?/g, '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0000', '(?:.*/)?');
  const regex = new RegExp(`^${source.replace(/\(\?:\.\*\/\)\?$/, '.*')}(?:/.*)?$`);
  return (path) => regex.test(path);
}
