import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { compilerProject } from '../source/node/compiler-output.ts';
import { readPackageJson } from '../source/node/package-json.ts';
import type { ProcessSource } from '../source/source.ts';
import { folderOf, joinPath, type SourceTree } from '../source/source-tree.ts';

/** Where the compiler puts what the process is meant to run. */
export interface Misplaced {
  /** Paths of the image. */
  readonly runs: string;
  readonly made: string;
  readonly source: string;
  /** A file beside the sources that is compiled too, and so moves the output one folder down. */
  readonly beside?: string;
}

/** Compares the file that a process runs with where `tsc` puts the source that is meant. Known undefined: they agree. */
export function misplacedEntry({ context, launch, folder }: ProcessSource, repo: Repo): Fact<Misplaced | undefined> {
  const { tree } = context;
  const source = launch.entry?.file;
  const runs = joinPath(context.cwd, launch.entry?.written ?? '').replace(/(?<!\.[mc]?js)$/, '.js');
  if (source === undefined || !/\.[mc]?ts$/.test(source) || runs === source) return known(undefined);
  const config = configOf(tree, folder);
  if (config === undefined) return unknown('how the code is compiled is not known');
  const project = compilerProject(tree, folder, config);
  if (project === undefined) return unknown(`${config} is not followed`);
  if (!runs.startsWith(`${project.outDir}/`)) return known(undefined);
  let root = project.rootDir;
  let beside: string | undefined;
  if (root === undefined) {
    const manifest = readPackageJson(tree, folder);
    const clauses = [...(manifest?.dependencies ?? []), ...(manifest?.devDependencies ?? [])];
    const version = clauses.find(([name]) => name === 'typescript')?.[1] ?? '';
    if (!/^[~^>=v]*[2-5]\./.test(version)) return unknown('which version of TypeScript compiles is not known');
    if (clauses.some(([, clause]) => /^(workspace:|file:|link:|portal:|\*$)/.test(clause)))
      return unknown('packages of the repository may be compiled with it');
    const files = compiledFiles(tree, folder, repo, project.includes);
    if (files === undefined) return unknown('which files are compiled is not known');
    root = common([source, ...files]);
    const own = folderOf(source);
    beside = files.find((file) => !file.startsWith(`${own}/`));
  }
  const place = (file: string, from: string): string | undefined =>
    file.startsWith(`${from === '/' ? '' : from}/`)
      ? joinPath(project.outDir, file.slice(from === '/' ? 1 : from.length + 1).replace(/\.([mc]?)ts$/, '.$1js'))
      : undefined;
  const made = place(source, root);
  const stem = joinPath(root, runs.slice(project.outDir.length + 1).replace(/\.[mc]?js$/, ''));
  if (made === undefined || made === runs) return known(undefined);
  if (['.ts', '.tsx', '.mts', '.cts', '.js', '/index.ts'].some((ending) => tree.look(stem + ending) !== 'absent'))
    return known(undefined);
  return known({
    runs,
    made,
    source: tree.origin(source),
    ...(beside === undefined ? {} : { beside: tree.origin(beside) }),
  });
}

/** The config of the one compiler that the build script calls; undefined for other builds. */
function configOf(tree: SourceTree, folder: string): string | undefined {
  const line = readPackageJson(tree, folder)?.scripts.get('build') ?? '';
  const parts = line.split('&&').map((part) => part.trim());
  const rest = parts.filter(
    (part) => !/^(rimraf|rm|npx prisma generate|prisma generate|tsc-alias|echo|npm run (clean|lint))\b/.test(part),
  );
  const [only = '', more] = rest;
  if (more !== undefined) return undefined;
  const project = /^(?:npx )?tsc(?: (?:-p|--project)[ =](\S+\.json))?$/.exec(only);
  if (project) return project[1] ?? 'tsconfig.json';
  const nest = tree.text(joinPath(folder, 'nest-cli.json')) ?? '';
  if (!/^(npx )?nest build$/.test(only) || /webpack|swc|rspack|monorepo|projects|tsConfigPath/.test(nest))
    return undefined;
  return tree.look(joinPath(folder, 'tsconfig.build.json')) === 'file' ? 'tsconfig.build.json' : 'tsconfig.json';
}

/** The TypeScript files of the project that are in the image where it is built; undefined where one may be or not. */
function compiledFiles(
  tree: SourceTree,
  folder: string,
  repo: Repo,
  includes: (path: string) => boolean,
): readonly string[] | undefined {
  const manifest = tree.origin(joinPath(folder, 'package.json'));
  const base = manifest.slice(0, -'package.json'.length);
  const out: string[] = [];
  for (const file of repo.files()) {
    if (!file.startsWith(base) || !/\.[mc]?tsx?$/.test(file) || /\.d\.[mc]?ts$/.test(file)) continue;
    const path = joinPath(folder, file.slice(base.length));
    if (!includes(path)) continue;
    const look = tree.look(path);
    if (look === 'unknown') return undefined;
    if (look === 'file') out.push(path);
  }
  // An import may reach what no pattern names: JSON beside the sources, code of another folder.
  const root = common(out);
  for (const path of out)
    for (const [, name = ''] of (tree.text(path) ?? '').matchAll(
      /(?:from|import|require\()\s*\(?['"](\.\.?\/[^'"]*)['"]/g,
    )) {
      const target = joinPath(folderOf(path), name);
      if (!target.startsWith(`${root}/`) && target !== root) return undefined;
    }
  return out.length > 400 ? undefined : out;
}

function common(files: readonly string[]): string {
  const [first = '', ...more] = files.map((file) => folderOf(file));
  let root = first;
  for (const folder of more)
    while (folder !== root && !folder.startsWith(`${root}/`) && root !== '/' && root !== '') root = folderOf(root);
  return root;
}
