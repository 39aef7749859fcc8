import { folderOf, joinPath } from '../source-tree.ts';
import { isRecord } from './package-json.ts';

/** A tsconfig file with what it extends. Paths are those of the tree that it was read in. */
export interface Tsconfig {
  /** The file's own options before those of what it extends; `outDir`, `rootDir` and `baseUrl` are paths. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Patterns and files; those of the nearest file that has any. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly files?: readonly string[];
  /** Files of other projects that `tsc --build` builds first; never inherited. */
  readonly references: readonly string[];
  /** False when something it extends is not in the tree: an option that is not stated may be set there. */
  readonly whole: boolean;
}

/** Options that hold a path, relative to the file that states them. */
const PATHS: ReadonlySet<string> = new Set(['outDir', 'rootDir', 'baseUrl']);
const DEEPEST = 5;
/** Published bases that set neither where output lands nor that there is none. */
const PLAIN_BASE = /^@tsconfig\/(?:node|strictest|recommended)/;

/** Reads a tsconfig file; undefined when it cannot be read, or is no object even as loose JSON.
 * @param text The text of a file of the tree, undefined where it is not known. */
export function readTsconfig(
  text: (path: string) => string | undefined,
  path: string,
  depth = 0,
): Tsconfig | undefined {
  const source = text(path);
  const data = source === undefined ? undefined : parseLooseJson(source);
  if (!isRecord(data) || depth > DEEPEST) return undefined;
  const folder = folderOf(path);
  const parents = [data['extends']].flat().filter((name) => name !== undefined);
  // Later ones win over earlier ones, the file itself over all.
  let base: Tsconfig = { options: {}, references: [], whole: true };
  for (const parent of parents) {
    const plain = typeof parent === 'string' && PLAIN_BASE.test(parent);
    const file = typeof parent === 'string' && /^[./]/.test(parent) ? joinPath(folder, parent) : undefined;
    const read = file === undefined ? undefined : readTsconfig(text, withEnding(file), depth + 1);
    base = {
      ...base,
      ...read,
      options: { ...base.options, ...read?.options },
      whole: base.whole && (plain || read?.whole === true),
    };
  }
  const own = isRecord(data['compilerOptions']) ? data['compilerOptions'] : {};
  const options = Object.entries(own).map(([name, value]) => [name, pathOption(name, value, folder)] as const);
  const lists = (['include', 'exclude', 'files'] as const).flatMap((name) => {
    const list = data[name];
    return Array.isArray(list) ? [[name, texts(list).map((item) => joinPath(folder, item))] as const] : [];
  });
  return {
    ...base,
    ...Object.fromEntries(lists),
    options: { ...base.options, ...Object.fromEntries(options) },
    references: Array.isArray(data['references'])
      ? data['references'].flatMap((item) =>
          isRecord(item) && typeof item['path'] === 'string' ? [projectFile(joinPath(folder, item['path']))] : [],
        )
      : [],
  };
}

/** The file that a word for a project means: the file itself, or the tsconfig.json of a folder. */
export function projectFile(path: string): string {
  return path.endsWith('.json') ? path : joinPath(path, 'tsconfig.json');
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

function withEnding(path: string): string {
  return path.endsWith('.json') ? path : `${path}.json`;
}

/** `${configDir}` and its like stand for folders that are not read here: such a text stays as it is. */
function pathOption(name: string, value: unknown, folder: string): unknown {
  return PATHS.has(name) && typeof value === 'string' && !value.includes('$') ? joinPath(folder, value) : value;
}

function texts(list: readonly unknown[]): readonly string[] {
  return list.filter((item): item is string => typeof item === 'string');
}
