import { folderOf, joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { facts } from './build-facts.ts';
import type { Collector } from './command-requests.ts';
import { dockerCommand } from './docker-command.ts';
import { elementText, expandPom, type Pom, projectsOf, readPom } from './maven-pom.ts';

interface JvmBuild {
  readonly at: Place;
  readonly name: string;
  readonly dockerfile: string | undefined;
  /** Undefined: not known, or made by the build tool. */
  readonly context: string | undefined;
  readonly stage?: { readonly value: string | undefined };
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly tags: readonly string[];
}

/** Images that Maven builds with a Dockerfile: docker run by exec-maven-plugin, dockerfile-maven, docker-maven. Jib and build packs have none. */
export function collectMaven(collector: Collector, file: string): void {
  const { repo } = collector;
  const text = repo.text(file);
  if (text === undefined || !/docker|podman/.test(text) || !/exec-maven|dockerfile-maven|docker-maven/.test(text))
    return;
  const pom = readPom(repo, file);
  if (pom === undefined) return;
  const lines = new LineIndex(text);
  for (const plugin of pom.text.matchAll(/<plugin>[\s\S]*?<\/plugin>/g)) {
    const [body] = plugin;
    const at = (offset: number) => lines.place(file, { start: plugin.index + offset, end: plugin.index + offset });
    const artifact = elementText(body, 'artifactId');
    for (const chain of projectsOf(repo, pom)) {
      if (artifact === 'exec-maven-plugin')
        for (const found of body.matchAll(/<configuration>[\s\S]*?<\/configuration>/g))
          execBuild(collector, found[0], chain, at(found.index));
      else if (artifact === 'dockerfile-maven-plugin') spotifyBuild(collector, body, chain, at(0));
      else if (artifact === 'docker-maven-plugin') fabricBuilds(collector, body, chain, at);
    }
  }
}

function execBuild(collector: Collector, body: string, chain: readonly Pom[], at: Place): void {
  const expand = (text: string | undefined) => (text === undefined ? undefined : expandPom(text, chain));
  const words = [...body.matchAll(/<argument>([^<]*)<\/argument>/g)].map((item) => (item[1] ?? '').trim());
  const line = elementText(body, 'commandlineArgs');
  const all = [elementText(body, 'executable'), ...(line === undefined ? words : line.split(/\s+/))];
  // An argument whose value is not known still has its name.
  const command = dockerCommand(
    all.map((word, i) => expand(word) ?? (all[i - 1] === '--build-arg' ? /^\w+/.exec(word ?? '')?.[0] : undefined)),
  );
  if (command?.kind !== 'build') return;
  const own = `/${folderOf(chain[0]?.file ?? '')}`;
  const said = elementText(body, 'workingDirectory');
  const folder = said === undefined ? own : inside(own, expand(said));
  const context = folder === undefined ? undefined : inside(folder, command.context);
  const dockerfile = command.dockerfile.given
    ? folder === undefined
      ? undefined
      : inside(folder, command.dockerfile.path)
    : context === undefined
      ? undefined
      : `${context}/Dockerfile`;
  push(collector, { ...command, at, name: `Maven ${chain[0]?.artifact ?? ''}`, dockerfile, context });
}

function spotifyBuild(collector: Collector, body: string, chain: readonly Pom[], at: Place): void {
  const own = `/${folderOf(chain[0]?.file ?? '')}`;
  const given = (name: string, from: string | undefined) => {
    const text = elementText(body, name);
    return text === undefined || from === undefined ? from : inside(from, expandPom(text, chain));
  };
  const context = given('contextDirectory', own);
  const file = elementText(body, 'dockerfile');
  const dockerfile = file === undefined ? context && `${context}/Dockerfile` : given('dockerfile', own);
  const args = new Map(
    [...(/<buildArgs>([\s\S]*?)<\/buildArgs>/.exec(body)?.[1] ?? '').matchAll(/<([\w.-]+)>([^<]*)<\/\1>/g)].map(
      (item) => [item[1] ?? '', expandPom((item[2] ?? '').trim(), chain)] as const,
    ),
  );
  push(collector, { at, name: `Maven ${chain[0]?.artifact ?? ''}`, dockerfile, context, args, tags: [] });
}

/** fabric8's plugin: an image with `dockerFile` or `contextDir`; relative ones lie in `src/main/docker`. */
function fabricBuilds(collector: Collector, body: string, chain: readonly Pom[], at: (offset: number) => Place): void {
  const own = `/${folderOf(chain[0]?.file ?? '')}`;
  for (const image of body.matchAll(/<build>[\s\S]*?<\/build>/g)) {
    const get = (name: string) => {
      const text = elementText(image[0], name);
      return text === undefined ? undefined : { path: expandPom(text, chain) };
    };
    const file = get('dockerFile');
    const folder = get('contextDir') ?? get('dockerFileDir');
    if (file === undefined && folder === undefined) continue;
    const base = `${own}/src/main/docker`;
    const context = folder === undefined ? base : inside(base, folder.path);
    const dockerfile =
      context === undefined ? undefined : inside(context, file === undefined ? 'Dockerfile' : file.path);
    const name = `Maven ${chain[0]?.artifact ?? ''}`;
    push(collector, { at: at(image.index), name, dockerfile, context, args: new Map(), tags: [] });
  }
}

/** `commandLine(…)`, `commandLine = […]`, and words with commas up to the line's end. */
const COMMAND_LINE =
  /\bcommandLine\s*(?:=\s*)?(?:\(([^)]*)\)|(?:\[|listOf\()([^\])]*)[\])]|([^\n([=]*(?:,[^\S\n]*\n[^\n]*)*))/g;

/** Builds that a Gradle script starts: `commandLine("docker", "build", …)`, and tasks with a literal `inputDir` or `dockerFile`. */
export function collectGradle(collector: Collector, file: string): void {
  const text = collector.repo.text(file);
  if (text === undefined || !/docker|podman/i.test(text)) return;
  const lines = new LineIndex(text);
  const own = `/${folderOf(file)}`;
  const place = (offset: number) => lines.place(file, { start: offset, end: offset });
  for (const call of text.matchAll(COMMAND_LINE)) {
    const words = [...(call[1] ?? call[2] ?? call[3] ?? '').matchAll(/(['"])((?:(?!\1)[^\\\n])*)\1|([^\s,'"]+)/g)].map(
      (word) => (word[2] === undefined || word[2].includes('$') ? undefined : word[2]),
    );
    const command = dockerCommand(words);
    if (command?.kind !== 'build') continue;
    const task = /workingDir/.test(text) ? undefined : own;
    const context = task === undefined ? undefined : inside(task, command.context);
    const dockerfile =
      task === undefined
        ? undefined
        : command.dockerfile.given
          ? inside(task, command.dockerfile.path)
          : context && `${context}/Dockerfile`;
    push(collector, { ...command, at: place(call.index), name: 'Gradle', dockerfile, context });
  }
  for (const task of text.matchAll(/\bDockerBuildImage\b[^{]*\{([\s\S]*?)\n\}/g)) {
    const path = (name: string) =>
      new RegExp(`\\b${name}(?:\\.set\\(|\\s*=)\\s*(?:\\w+\\.)*\\w+\\(\\s*['"]([^'"$]+)['"]`).exec(task[1] ?? '')?.[1];
    const folder = path('inputDir');
    const said = path('dockerFile');
    if (folder === undefined && said === undefined) continue;
    const context = folder === undefined ? undefined : inside(own, folder);
    const dockerfile = said === undefined ? context && `${context}/Dockerfile` : inside(own, said);
    push(collector, { at: place(task.index), name: 'Gradle', dockerfile, context, args: new Map(), tags: [] });
  }
}

/** A path from a folder, both with a slash in front for the repository's root. */
function inside(folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const joined = joinRepoPath('', `${path.startsWith('/') ? path : `${folder}/${path}`}`.replace(/^\/+/, ''));
  return joined === undefined ? undefined : `/${joined}`;
}

function push(collector: Collector, build: JvmBuild): void {
  const because: Reason = { kind: 'source', at: build.at, text: `${build.name} builds here` };
  const { repo } = collector;
  const plain = (path: string | undefined) => path?.replace(/^\/+/, '');
  const file = plain(build.dockerfile);
  const dockerfile: Fact<string> =
    file === undefined ? unknown('the Dockerfile depends on what is not known here', because) : known(file, because);
  collector.requests.push({
    dockerfile,
    context: contextFact(repo, plain(build.context), because),
    ...(build.stage === undefined
      ? {}
      : {
          stage:
            build.stage.value === undefined
              ? unknown('the stage depends on what is not known here', because)
              : known(build.stage.value, because),
        }),
    args: facts(build.args, because),
    use: { source: 'script', name: build.name, at: build.at, text: build.name, development: false, tags: build.tags },
  });
}

/** Folders that the build tool fills (`target`, `build`) hold what is not in the repository. */
function contextFact(repo: Repo, path: string | undefined, because: Reason): Fact<string> {
  if (path === undefined) return unknown('the context depends on what is not known here', because);
  if (repo.entry(path)?.type === 'directory' && !/(?:^|\/)(?:target|build)(?:\/|$)/.test(path))
    return known(path, because);
  return unknown(`${path} is filled by the build before the image is built`, because);
}
