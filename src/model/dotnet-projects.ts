import type { Repo } from '../repo/repo.ts';

/** A .NET project of the repository. */
export interface DotnetProject {
  readonly file: string;
  /** What it builds, without `.dll`. */
  readonly assembly: string;
  /** Major of its only target framework. */
  readonly framework?: number;
  readonly web: boolean;
  /** It brings its runtime, or may run on a later one. */
  readonly free: boolean;
}

/** Projects of C#, F# and Visual Basic; undefined where a name is made from properties, or props files may change it. */
export function dotnetProjects(repo: Repo): readonly DotnetProject[] | undefined {
  const files = repo.files().filter((file) => /\.(cs|fs|vb)proj$/.test(file));
  const props = repo.files().filter((file) => /(^|\/)Directory\.Build\.(props|targets)$/.test(file));
  const shared = props.map((file) => repo.text(file) ?? '').join('\n');
  if (/AssemblyName/.test(shared)) return undefined;
  const out: DotnetProject[] = [];
  for (const file of files) {
    const text = (repo.text(file) ?? '').replace(/<!--[\s\S]*?-->/g, '');
    const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+proj$/, '');
    const assembly = /<AssemblyName>\s*([^<]+?)\s*<\/AssemblyName>/.exec(text)?.[1] ?? name;
    if (/\$\(/.test(assembly)) return undefined;
    const framework = /<TargetFramework>\s*net(\d+)\.\d+\s*<\/TargetFramework>/.exec(text)?.[1];
    out.push({
      file,
      assembly,
      ...(framework === undefined ? {} : { framework: Number(framework) }),
      web: /Sdk="Microsoft\.NET\.Sdk\.Web"/.test(text),
      free: /SelfContained|RollForward|PublishAot|PublishSingleFile|RuntimeIdentifier/.test(`${text} ${shared}`),
    });
  }
  return out;
}
