import { at, entriesOf, itemsOf, type Node } from '../compose/node.ts';
import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { pushToolBuild } from './tool-build.ts';
import { placeInText, scalarText, yamlDocuments } from './yaml-file.ts';

/** An artifact with what a profile's patches made of it. */
interface Artifact {
  readonly node: Node;
  readonly at: Place;
  readonly dockerfile?: string | undefined;
  readonly stage?: string | undefined;
  readonly context?: string | undefined;
}

/** Builds that name no Dockerfile. */
const OTHERS = ['jib', 'bazel', 'buildpacks', 'ko'];

/** Artifacts of a skaffold file, of its profiles too, whether they list artifacts or patch those of the file. */
export function collectSkaffold(collector: Collector, file: string): void {
  for (const root of yamlDocuments(collector.repo, file)) {
    if (scalarText(at(root, 'apiVersion'))?.startsWith('skaffold/') !== true) continue;
    const own = itemsOf(at(root, 'build', 'artifacts')).map(artifactOf);
    const profiles = itemsOf(at(root, 'profiles'));
    const listed = profiles.flatMap((profile) => itemsOf(at(profile, 'build', 'artifacts')).map(artifactOf));
    const patched = profiles.flatMap((profile) => patchedArtifacts(own, itemsOf(at(profile, 'patches'))));
    for (const artifact of [...own, ...listed, ...patched]) collectArtifact(collector, file, artifact);
  }
}

function artifactOf(node: Node): Artifact {
  return { node, at: node.at };
}

/** What JSON patches of a profile add or change: only those artifacts. */
function patchedArtifacts(own: readonly Artifact[], patches: readonly Node[]): readonly Artifact[] {
  const added: Artifact[] = [];
  const changed = new Map<string, Artifact>();
  for (const patch of patches) {
    const operation = scalarText(at(patch, 'op')) ?? 'replace';
    const value = at(patch, 'value');
    const [, index, field] =
      /^\/build\/artifacts\/(\d+|-)(?:\/(context|(?:docker|kaniko)(?:\/(?:dockerfile|target))?))?$/.exec(
        scalarText(at(patch, 'path')) ?? '',
      ) ?? [];
    if (index === undefined || value === undefined || (operation !== 'add' && operation !== 'replace')) continue;
    if (field === undefined) added.push(artifactOf(value));
    const before = changed.get(index) ?? own[Number(index)];
    if (field !== undefined && before !== undefined && applies(before.node, field, operation))
      changed.set(index, { ...before, at: changed.get(index)?.at ?? value.at, ...fieldOf(field, value) });
  }
  return [...added, ...changed.values()];
}

/** JSON patch replaces only what is there, and adds only to what is there. */
function applies(node: Node, field: string, operation: string): boolean {
  const keys = field.split('/');
  const needed = operation === 'replace' ? keys : keys.slice(0, -1);
  return needed.length === 0 || at(node, ...needed) !== undefined;
}

function fieldOf(field: string, value: Node): Partial<Artifact> {
  if (field === 'context') return { context: scalarText(value) };
  if (field.endsWith('/dockerfile')) return { dockerfile: scalarText(value) };
  if (field.endsWith('/target')) return { stage: scalarText(value) };
  return { dockerfile: scalarText(at(value, 'dockerfile')) ?? 'Dockerfile', stage: scalarText(at(value, 'target')) };
}

function collectArtifact(collector: Collector, file: string, artifact: Artifact): void {
  const { node } = artifact;
  if (OTHERS.some((key) => at(node, key) !== undefined)) return;
  const folder = folderOf(file);
  const context = artifact.context ?? scalarText(at(node, 'context')) ?? '.';
  const custom = at(node, 'custom');
  if (custom !== undefined) {
    collectCustom(collector, file, at(custom, 'buildCommand'), joinRepoPath(folder, context));
    return;
  }
  const docker = at(node, 'docker') ?? at(node, 'kaniko');
  const image = scalarText(at(node, 'image'));
  pushToolBuild(collector, {
    source: 'skaffold',
    at: artifact.at,
    name: image ?? 'artifact',
    folder,
    context,
    dockerfile: artifact.dockerfile ?? scalarText(at(docker, 'dockerfile')) ?? 'Dockerfile',
    relativeTo: 'context',
    stage: artifact.stage ?? scalarText(at(docker, 'target')),
    args: new Map([...entriesOf(at(docker, 'buildArgs'))].map(([key, entry]) => [key, scalarText(entry.value)])),
    tags: image === undefined ? [] : [image],
  });
}

/** A command of the user's own, or the script that it calls. Skaffold runs it in the context and gives `BUILD_CONTEXT`. */
function collectCustom(
  collector: Collector,
  file: string,
  command: Node | undefined,
  context: string | undefined,
): void {
  const text = scalarText(command);
  if (command === undefined || text === undefined || context === undefined) return;
  const origin = {
    source: 'skaffold',
    name: file,
    folders: [context],
    variables: new Map([['BUILD_CONTEXT', '.']]),
  } as const;
  collectCommands(collector, { ...origin, text, placeOf: placeInText(command, text), ownFolder: context });
  const called = /^(?:(?:ba|da)?sh\s+)?(\S+\.(?:ba)?sh)$/.exec(text.trim())?.[1];
  const script = called === undefined ? undefined : joinRepoPath(context, called);
  const source = script === undefined ? undefined : collector.repo.text(script);
  if (script === undefined || source === undefined) return;
  const lines = new LineIndex(source);
  collectCommands(collector, {
    ...origin,
    text: source,
    placeOf: (offset) => lines.place(script, { start: offset, end: offset }),
    ownFolder: folderOf(script),
  });
}
