import { parse as parseToml } from 'smol-toml';
import { at, entriesOf, itemsOf, type Node } from '../compose/node.ts';
import { readYaml } from '../compose/read-yaml.ts';
import { baseName, folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { known, type Reason, unknown } from '../facts/fact.ts';
import { LineIndex } from '../text/line-index.ts';
import { linePlace, type Place } from '../text/place.ts';
import type { Collector } from './command-requests.ts';
import { scalarText, yamlDocuments } from './yaml-file.ts';

interface PlatformBuild {
  readonly at: Place;
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly stage?: string | undefined;
  readonly args?: ReadonlyMap<string, string>;
}

/** Builds that a hosting platform's file asks for. */
export function collectPlatform(collector: Collector, file: string): void {
  const name = baseName(file);
  const text = collector.repo.text(file);
  if (text === undefined) return;
  const builds = /^fly[^/]*\.toml$/.test(name)
    ? fly(collector, file, text)
    : /^railway\.(?:toml|json)$/.test(name)
      ? railway(collector, file, text)
      : name === 'render.yaml'
        ? render(collector, file)
        : name === 'heroku.yml'
          ? heroku(collector, file)
          : appYaml(collector, file);
  for (const build of builds) push(collector, build);
}

function push(collector: Collector, build: PlatformBuild): void {
  const because: Reason = { kind: 'source', at: build.at, text: `${build.name} builds here` };
  collector.requests.push({
    dockerfile: known(build.dockerfile, because),
    context: known(build.context, because),
    ...(build.stage === undefined ? {} : { stage: known(build.stage, because) }),
    args: new Map(
      [...(build.args ?? [])].map(([name, value]) => [
        name,
        value.includes('$') ? unknown(`${name} comes from the platform`, because) : known(value, because),
      ]),
    ),
    use: { source: 'platform', name: build.name, at: build.at, text: build.name, development: false, tags: [] },
  });
}

function toml(text: string): Record<string, unknown> {
  try {
    return parseToml(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function table(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function lineOf(file: string, source: string, pattern: RegExp): Place {
  const found = pattern.exec(source);
  return found === null
    ? linePlace(file, 1)
    : new LineIndex(source).place(file, { start: found.index, end: found.index + found[0].length });
}

function fly(collector: Collector, file: string, source: string): readonly PlatformBuild[] {
  const build = table(toml(source)['build']);
  const folder = folderOf(file);
  if (['image', 'builder', 'buildpacks', 'builtin'].some((key) => key in build)) return [];
  const written = text(build['dockerfile']) ?? 'Dockerfile';
  const dockerfile = joinRepoPath(folder, written);
  if (dockerfile === undefined || (build['dockerfile'] === undefined && collector.repo.entry(dockerfile) === undefined))
    return [];
  const args = new Map(Object.entries(table(build['args'])).map(([key, value]) => [key, String(value)]));
  const place = lineOf(file, source, /^\s*dockerfile\s*=.*$|^\[build\]/m);
  return [{ at: place, name: 'Fly', dockerfile, context: folder, stage: text(build['build-target']), args }];
}

function railway(collector: Collector, file: string, source: string): readonly PlatformBuild[] {
  const config = file.endsWith('.json') ? jsonTable(file, source) : toml(source);
  const build = table(config['build']);
  const written = text(build['dockerfilePath']);
  const builder = text(build['builder'])?.toUpperCase();
  if (written === undefined && builder !== 'DOCKERFILE') return [];
  // A service's root directory, which only Railway knows, is where the path starts: the file's folder or the repository.
  const found = [folderOf(file), ''].flatMap((folder) => {
    const dockerfile = joinRepoPath(folder, (written ?? 'Dockerfile').replace(/^\//, ''));
    return dockerfile !== undefined && collector.repo.entry(dockerfile) !== undefined ? [{ folder, dockerfile }] : [];
  })[0];
  const place = lineOf(file, source, /"?(?:dockerfilePath|builder)"?\s*[:=].*/);
  const fallback = joinRepoPath(folderOf(file), (written ?? 'Dockerfile').replace(/^\//, ''));
  if (found === undefined && fallback === undefined) return [];
  return [
    {
      at: place,
      name: 'Railway',
      dockerfile: found?.dockerfile ?? fallback ?? '',
      context: found?.folder ?? folderOf(file),
    },
  ];
}

function jsonTable(file: string, source: string): Record<string, unknown> {
  const root = readYaml(file, source.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')).documents[0]?.root;
  const convert = (node: Node): unknown =>
    node.kind === 'scalar'
      ? node.value
      : node.kind === 'seq'
        ? node.items.map(convert)
        : Object.fromEntries([...node.entries].map(([key, entry]) => [key, convert(entry.value)]));
  return root === undefined ? {} : table(convert(root));
}

function render(collector: Collector, file: string): readonly PlatformBuild[] {
  return yamlDocuments(collector.repo, file).flatMap((root) => {
    const groups = [
      at(root, 'services'),
      ...itemsOf(at(root, 'projects')).flatMap((project) =>
        itemsOf(at(project, 'environments')).map((environment) => at(environment, 'services')),
      ),
    ];
    return groups
      .flatMap((group) => itemsOf(group))
      .flatMap((service): PlatformBuild[] => {
        const runtime = scalarText(at(service, 'runtime')) ?? scalarText(at(service, 'env'));
        if (runtime !== 'docker') return [];
        const said = scalarText(at(service, 'dockerfilePath')) ?? 'Dockerfile';
        const root = joinRepoPath('', scalarText(at(service, 'rootDir')) ?? '') ?? '';
        // Paths begin at the root; a file in a folder of its own is also used with a repository that is this folder.
        const inside = (start: string) => collector.repo.entry(joinRepoPath(start, said) ?? '') !== undefined;
        const folder = inside(root) || !inside(folderOf(file)) ? root : folderOf(file);
        const dockerfile = joinRepoPath(folder, said);
        const context = joinRepoPath(folder, scalarText(at(service, 'dockerContext')) ?? '.');
        if (dockerfile === undefined || context === undefined) return [];
        return [
          { at: service.at, name: `Render ${scalarText(at(service, 'name')) ?? ''}`.trim(), dockerfile, context },
        ];
      });
  });
}

function heroku(collector: Collector, file: string): readonly PlatformBuild[] {
  return yamlDocuments(collector.repo, file).flatMap((root) =>
    [...entriesOf(at(root, 'build', 'docker'))].flatMap(([process, entry]): PlatformBuild[] => {
      const dockerfile = joinRepoPath(
        folderOf(file),
        scalarText(entry.value) ?? scalarText(at(entry.value, 'dockerfile')) ?? 'Dockerfile',
      );
      if (dockerfile === undefined) return [];
      return [
        {
          at: entry.key,
          name: `Heroku ${process}`,
          dockerfile,
          context: folderOf(dockerfile),
          stage: scalarText(at(entry.value, 'target')),
        },
      ];
    }),
  );
}

/** App Engine's custom runtime and DigitalOcean's app specification. */
function appYaml(collector: Collector, file: string): readonly PlatformBuild[] {
  return yamlDocuments(collector.repo, file).flatMap((root): PlatformBuild[] => {
    if (scalarText(at(root, 'runtime')) === 'custom') {
      const dockerfile = joinRepoPath(folderOf(file), 'Dockerfile');
      return dockerfile === undefined
        ? []
        : [{ at: at(root, 'runtime')?.at ?? root.at, name: 'App Engine', dockerfile, context: folderOf(file) }];
    }
    return ['services', 'workers', 'jobs', 'static_sites'].flatMap((key) =>
      itemsOf(at(root, key)).flatMap((service): PlatformBuild[] => {
        const written = scalarText(at(service, 'dockerfile_path'));
        const dockerfile = written === undefined ? undefined : joinRepoPath('', written.replace(/^\//, ''));
        const context = joinRepoPath('', (scalarText(at(service, 'source_dir')) ?? '').replace(/^\//, ''));
        if (dockerfile === undefined || context === undefined) return [];
        return [
          { at: service.at, name: `DigitalOcean ${scalarText(at(service, 'name')) ?? ''}`.trim(), dockerfile, context },
        ];
      }),
    );
  });
}
