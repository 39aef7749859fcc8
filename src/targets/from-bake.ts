import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { expandTargets, readBakeFiles, texts } from './bake-file.ts';
import { isRemote } from './build-facts.ts';
import type { Collector } from './command-requests.ts';
import type { HclValue } from './hcl-value.ts';
import { isDevelopment } from './purpose.ts';

const USUAL = /(?:^|\/)docker-bake(?:\.override)?\.(?:hcl|json)$/;

/** Every target of the repository's bake files. Files that a command names are read with it; the others by their folder. */
export function collectBake(collector: Collector, paths: readonly string[]): void {
  const { repo } = collector;
  const groups = new Map<string, readonly string[]>();
  for (const path of paths.filter((file) => USUAL.test(file) || (/\.hcl$/.test(file) && /bake/.test(file)))) {
    const folder = folderOf(path);
    const key = `${folder}|${/docker-bake(\.override)?\.(hcl|json)$/.test(path) ? '' : path}`;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  for (const use of collector.bakeUses) {
    const files = use.files.filter(
      (file) => repo.entry(file) !== undefined && !file.endsWith('.yml') && !file.endsWith('.yaml'),
    );
    if (files.length > 0 && ![...groups.values()].some((group) => files.every((file) => group.includes(file))))
      groups.set(`use|${files.join('|')}`, files);
  }
  for (const files of groups.values()) readGroup(collector, files);
}

function readGroup(collector: Collector, paths: readonly string[]): void {
  const files = paths.flatMap((file) => {
    const text = collector.repo.text(file);
    return text === undefined ? [] : [{ file, text }];
  });
  const [first] = files;
  if (first === undefined) return;
  const bake = readBakeFiles(files);
  // A group's targets are there to be built, even if others inherit from them.
  const used = expandTargets(bake, [
    'default',
    ...bake.groups.keys(),
    ...collector.bakeUses
      .filter((use) => use.files.length === 0 || use.files.some((file) => paths.includes(file)))
      .flatMap((use) => use.targets),
  ]);
  // Bake resolves paths from where it runs, which is nearly always the folder of the file or the root.
  const folder = folderOf(first.file);
  for (const target of bake.targets) {
    const parents = bake.targets.some((other) => texts(other.values.get('inherits')).includes(target.name));
    const builds =
      target.values.has('dockerfile') ||
      target.values.has('context') ||
      target.values.has('dockerfile-inline') ||
      target.values.has('target');
    if (!used.has(target.name) && (parents || target.name.startsWith('_') || !builds)) continue;
    const because: Reason = { kind: 'source', at: target.at, text: `the bake target ${target.name}` };
    const start = startFolder(collector, folder, target.values);
    const context = contextOf(
      target.values.get('context') ?? (target.values.has('context') ? undefined : '.'),
      start,
      because,
    );
    const inline = target.values.get('dockerfile-inline');
    const stage = target.values.get('target');
    collector.requests.push({
      dockerfile:
        typeof inline === 'string'
          ? unknown('the Dockerfile is written inline', because)
          : dockerfileOf(target.values, context, because),
      ...(typeof inline === 'string' ? { inline: { text: inline, at: target.at } } : {}),
      context,
      ...(target.values.has('target')
        ? {
            stage:
              typeof stage === 'string'
                ? known(stage, because)
                : unknown('the stage of the bake target is not known', because),
          }
        : {}),
      args: argsOf(target.values.get('args'), because),
      platforms: texts(target.values.get('platforms')),
      additionalContexts: contextsOf(target.values.get('contexts'), start, because),
      use: {
        source: 'bake',
        name: target.name,
        at: target.at,
        text: `bake target ${target.name}`,
        development: isDevelopment(first.file) || isDevelopment(target.name),
        tags: texts(target.values.get('tags')),
      },
    });
  }
}

function startFolder(collector: Collector, folder: string, values: ReadonlyMap<string, HclValue>): string {
  const context = values.get('context');
  const dockerfile = values.get('dockerfile');
  for (const start of [folder, '']) {
    const base = joinRepoPath(start, typeof context === 'string' ? context : '.');
    const path =
      base === undefined ? undefined : joinRepoPath(base, typeof dockerfile === 'string' ? dockerfile : 'Dockerfile');
    if (path !== undefined && collector.repo.entry(path) !== undefined) return start;
  }
  return folder;
}

function contextOf(value: HclValue, folder: string, because: Reason): Fact<string> {
  if (typeof value !== 'string') return unknown('the context of the bake target is not known', because);
  const path = isRemote(value) || /^[a-z-]+:/.test(value) ? undefined : joinRepoPath(folder, value);
  return path === undefined
    ? unknown(`the context ${value} is not a folder of the repository`, because)
    : known(path, because);
}

function dockerfileOf(values: ReadonlyMap<string, HclValue>, context: Fact<string>, because: Reason): Fact<string> {
  const value = values.has('dockerfile') ? values.get('dockerfile') : 'Dockerfile';
  if (typeof value !== 'string') return unknown('the Dockerfile of the bake target is not known', because);
  if (!context.known) return unknown('the Dockerfile lies in a context that is not known', because);
  const path = joinRepoPath(context.value, value);
  return path === undefined
    ? unknown(`the Dockerfile ${value} lies outside the repository`, because)
    : known(path, because);
}

function argsOf(value: HclValue, because: Reason): ReadonlyMap<string, Fact<string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, arg]) => {
      if (arg === null) return [];
      return [
        [
          name,
          typeof arg === 'object' || arg === undefined
            ? unknown(`${name} is not known`, because)
            : known(String(arg), because),
        ] as const,
      ];
    }),
  );
}

function contextsOf(value: HclValue, folder: string, because: Reason): ReadonlyMap<string, Fact<string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, context]) => [name, contextOf(context, folder, because)]));
}
