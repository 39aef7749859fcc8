import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import type { Repo } from '../repo/repo.ts';

/** A Maven project file with its parent, as far as it lies in the repository. */
export interface Pom {
  readonly file: string;
  /** Comments blanked, so that offsets are those of the file. */
  readonly text: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly modules: readonly string[];
  readonly artifact: string;
}

const MAX_DEPTH = 6;

export function readPom(repo: Repo, file: string): Pom | undefined {
  const source = repo.text(file);
  if (source === undefined || source.length > 500_000) return undefined;
  const text = source.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const properties = new Map<string, string>();
  // Those of a profile do not hold without it.
  for (const block of text.matchAll(/<properties>([\s\S]*?)<\/properties>/g))
    for (const item of (block[1] ?? '').matchAll(/<([\w.-]+)>([^<]*)<\/\1>/g))
      if (!properties.has(item[1] ?? '')) properties.set(item[1] ?? '', (item[2] ?? '').trim());
  const modules = [...text.matchAll(/<module>([^<]*)<\/module>/g)].flatMap((item) => {
    const path = joinRepoPath(folderOf(file), (item[1] ?? '').trim());
    return path === undefined ? [] : [path.endsWith('.xml') ? path : `${path}/pom.xml`];
  });
  const own = text.replace(/<parent>[\s\S]*?<\/parent>/, '');
  return { file, text, properties, modules, artifact: elementText(own, 'artifactId') ?? '' };
}

/** The first element of a name, its text trimmed. */
export function elementText(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim();
}

/** The poms that a plugin of this pom runs in: its modules and theirs, or itself when it has none. */
export function projectsOf(repo: Repo, pom: Pom, depth = 0): readonly (readonly Pom[])[] {
  const modules = depth > MAX_DEPTH ? [] : [...new Set(pom.modules)].flatMap((file) => readPom(repo, file) ?? []);
  if (modules.length === 0) return [[pom]];
  return modules.flatMap((module) => projectsOf(repo, module, depth + 1).map((chain) => [...chain, pom]));
}

/** A text with `${…}` replaced by the nearest project's properties; undefined: one is not known. Folders are relative to the repository. */
export function expandPom(text: string, chain: readonly Pom[], depth = 0): string | undefined {
  const [own] = chain;
  let unknown = depth > MAX_DEPTH || own === undefined;
  const out = text.replace(/\$\{([^{}]*)\}/g, (_, name: string) => {
    const plain = name.replace(/^(?:project|pom)\./, '');
    if (plain === 'basedir') return `/${folderOf(own?.file ?? '')}`;
    if (plain === 'build.directory') return `/${folderOf(own?.file ?? '')}/target`;
    if (plain === 'artifactId') return own?.artifact ?? '';
    const set = chain.map((pom) => pom.properties.get(name)).find((value) => value !== undefined);
    const value = set === undefined || unknown ? undefined : expandPom(set, chain, depth + 1);
    if (value === undefined) unknown = true;
    return value ?? '';
  });
  return unknown ? undefined : out;
}
