import { at, entriesOf, type Node, textOf } from '../compose/node.ts';
import { readYaml } from '../compose/read-yaml.ts';
import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { pushToolBuild } from './tool-build.ts';
import { placeInText, scalarText, yamlDocuments } from './yaml-file.ts';

/** `docker_build(…)` and `docker_compose(…)` of a Tiltfile with literal arguments. */
export function collectTiltfile(collector: Collector, file: string, text: string): void {
  const lines = new LineIndex(text);
  for (const call of text.matchAll(
    /\b(docker_build|custom_build)\(\s*(?:ref\s*=\s*)?(['"])([^'"]+)\2\s*,\s*(?:context\s*=\s*)?(['"])([^'"]+)\4([\s\S]{0,600}?)\n?\)/g,
  )) {
    if (call[1] === 'custom_build') continue;
    const rest = call[6] ?? '';
    const named = (key: string) => new RegExp(`\\b${key}\\s*=\\s*['"]([^'"]+)['"]`).exec(rest)?.[1];
    pushToolBuild(collector, {
      source: 'tiltfile',
      at: lines.place(file, { start: call.index, end: call.index + call[0].length }),
      name: call[3] ?? '',
      folder: folderOf(file),
      context: call[5] ?? '.',
      dockerfile: named('dockerfile') ?? 'Dockerfile',
      relativeTo: named('dockerfile') === undefined ? 'context' : 'folder',
      stage: named('target'),
      args: new Map(),
      tags: [call[3] ?? ''],
    });
  }
}

/** The image of a development container. */
export function collectDevcontainer(collector: Collector, file: string, text: string): void {
  const json = text.replace(/^\s*\/\/.*$/gm, (line) => ' '.repeat(line.length)).replace(/,(\s*\/\/[^\n"]*)$/gm, ',');
  const root = readYaml(file, json).documents[0]?.root;
  const build = at(root, 'build');
  const dockerfile = scalarText(at(build, 'dockerfile')) ?? scalarText(at(root, 'dockerFile'));
  if (root === undefined || dockerfile === undefined) return;
  const folder = folderOf(file);
  pushToolBuild(collector, {
    source: 'devcontainer',
    at: at(build, 'dockerfile')?.at ?? root.at,
    name: 'devcontainer',
    folder,
    context: scalarText(at(build, 'context')) ?? scalarText(at(root, 'context')) ?? '.',
    dockerfile,
    relativeTo: 'folder',
    stage: scalarText(at(build, 'target')),
    args: new Map([...entriesOf(at(build, 'args'))].map(([key, entry]) => [key, scalarText(entry.value)])),
    tags: [],
  });
}

/** `docker` steps and shell lines of any other pipeline file (Cloud Build, CircleCI, Bitbucket, Drone, Azure, Buildkite, Travis). */
export function collectOtherPipeline(collector: Collector, file: string): void {
  for (const root of yamlDocuments(collector.repo, file)) visit(collector, root, file, 0);
}

function visit(collector: Collector, node: Node, file: string, depth: number): void {
  if (depth > 30) return;
  const args = at(node, 'args');
  const name = scalarText(at(node, 'name')) ?? '';
  if (args?.kind === 'seq' && /(?:^|\/)(?:docker|cloud-builders\/docker)(?::|$)/.test(name)) {
    const words = args.items.flatMap((item) => scalarText(item) ?? []);
    const line = ['docker', ...words]
      .map((word) => (word.includes('$') ? `"${word.replaceAll('"', '')}"` : `'${word.replaceAll("'", '')}'`))
      .join(' ');
    commands(collector, line, args.at, file, joinRepoPath('', scalarText(at(node, 'dir')) ?? '') ?? '');
  }
  if (node.kind === 'scalar') {
    const text = textOf(node);
    if (text !== undefined && /\b(?:docker|podman)\b/.test(text)) {
      collectCommands(collector, {
        source: 'gitlab-ci',
        name: file,
        text,
        placeOf: placeInText(node, text),
        folders: [''],
        ownFolder: folderOf(file),
      });
    }
  } else if (node.kind === 'seq') for (const item of node.items) visit(collector, item, file, depth + 1);
  else for (const entry of node.entries.values()) visit(collector, entry.value, file, depth + 1);
}

function commands(collector: Collector, text: string, place: Place, file: string, folder: string): void {
  collectCommands(collector, {
    source: 'gitlab-ci',
    name: file,
    text,
    placeOf: () => place,
    folders: [folder],
    ownFolder: folderOf(file),
  });
}
