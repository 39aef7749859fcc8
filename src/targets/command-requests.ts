import { joinRepoPath } from '../compose/repo-path.ts';
import { known, type Reason, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { Place } from '../text/place.ts';
import { contextFacts, contextWhy, factOf, facts, isRemote } from './build-facts.ts';
import type { ComposeCommandLine } from './compose-command.ts';
import { type BuildCommand, dockerCommand } from './docker-command.ts';
import { patternBuilds } from './pattern-builds.ts';
import { isDevelopment } from './purpose.ts';
import { type Invocation, shellCommands } from './shell-commands.ts';
import { REPOSITORY_ROOT, SCRIPT_FOLDER, UNKNOWN_PART } from './shell-words.ts';
import type { BuildRequest, BuildSource, ComposeUse } from './types.ts';

/** Where builds, compose and bake uses are collected. */
export interface Collector {
  readonly repo: Repo;
  readonly requests: BuildRequest[];
  readonly composeUses: ComposeUse[];
  /** Bake files that a command or action builds, with the targets it names (none: `default`). */
  readonly bakeUses: {
    readonly files: readonly string[];
    readonly targets: readonly string[];
    readonly at: Place;
    readonly source: BuildSource;
  }[];
  readonly problems: { readonly at: Place; readonly text: string }[];
}

/** Where commands stand, and where they run. */
export interface Origin {
  readonly source: BuildSource;
  readonly name?: string;
  /** The place of an offset in the text. */
  readonly placeOf: (offset: number) => Place;
  /** Folders it may be run from, the likeliest first. Exactly one: that is known. */
  readonly folders: readonly string[];
  /** The folder of the file itself, for `$(dirname "$0")`. */
  readonly ownFolder: string;
}

export interface CommandText extends Origin {
  readonly text: string;
  readonly variables?: ReadonlyMap<string, string | undefined>;
}

/** The command with what is known of it. `--platform="$X"` is an option whatever `$X` is; a bare `$X` may be anything. */
function commandOf(invocation: Invocation): ReturnType<typeof dockerCommand> {
  const words = invocation.words.map((word, index) => {
    const pattern = invocation.patterns[index];
    return word ?? (pattern?.startsWith('-') === true ? pattern : undefined);
  });
  const command = dockerCommand(words);
  if (command?.kind !== 'build') return command;
  const sure = (value: string | undefined) => (value?.includes(UNKNOWN_PART) === true ? undefined : value);
  const each = (values: ReadonlyMap<string, string | undefined>) =>
    new Map([...values].map(([name, value]) => [name, sure(value)]));
  return {
    ...command,
    context: sure(command.context),
    dockerfile: command.dockerfile.given ? { given: true, path: sure(command.dockerfile.path) } : command.dockerfile,
    ...(command.stage === undefined ? {} : { stage: { value: sure(command.stage.value) } }),
    args: each(command.args),
    contexts: each(command.contexts),
    tags: command.tags.filter((tag) => sure(tag) !== undefined),
    platforms: command.platforms.filter((platform) => sure(platform) !== undefined),
  };
}

/** A cheap look before a text is parsed as shell. */
function mentionsBuild(text: string): boolean {
  if (/\b(?:docker|podman)-compose\b/.test(text)) return true;
  return (
    /\b(?:docker|podman|buildah|nerdctl|depot|finch)\b(?![-./])/.test(text) &&
    /\b(?:build|buildx|compose|bake|bud)\b/.test(text)
  );
}

/** Reads the builds and compose uses out of a shell text. */
export function collectCommands(collector: Collector, given: CommandText): void {
  if (!mentionsBuild(given.text)) return;
  for (const invocation of shellCommands(given.text, given.variables ?? new Map()))
    collectInvocation(collector, given, invocation);
}

/** Reads the build or compose use out of one command. */
export function collectInvocation(collector: Collector, given: Origin, invocation: Invocation): void {
  const command = commandOf(invocation);
  if (command === undefined) return;
  const at = given.placeOf(invocation.offset);
  if (command.kind === 'build') collectBuild(collector, given, invocation, command, at);
  else if (command.kind === 'compose') collectCompose(collector, given, invocation, command, at);
  else {
    const folder = foldersOf(given, invocation)[0] ?? '';
    const files = command.files.flatMap((file) => (file === undefined ? [] : [joinRepoPath(folder, file) ?? file]));
    const targets = command.targets.filter((target) => target !== undefined);
    collector.bakeUses.push({ files, targets, at, source: given.source });
  }
}

/** Folders a command may run in; empty when nothing is known. */
function foldersOf(given: Origin, invocation: Invocation): readonly string[] {
  const { folder } = invocation;
  if (folder === undefined) return [];
  const fixed = fixedFolder(folder, given);
  if (fixed !== undefined) return fixed.folder === undefined ? [] : [fixed.folder];
  return given.folders.flatMap((start) => joinRepoPath(start, folder) ?? []);
}

/** The folder that a path with a mark stands for. */
function fixedFolder(path: string, given: Origin): { folder: string | undefined } | undefined {
  const script = path.indexOf(SCRIPT_FOLDER);
  const root = path.indexOf(REPOSITORY_ROOT);
  if (script === -1 && root === -1) return undefined;
  const from = Math.max(script, root);
  const rest = path.slice(from + 1).replace(/^\/+/, '');
  return { folder: joinRepoPath(script > root ? given.ownFolder : '', rest) };
}

function resolve(path: string, folder: string, given: Origin): string | undefined {
  const fixed = fixedFolder(path, given);
  return fixed === undefined ? joinRepoPath(folder, path) : fixed.folder;
}

function collectBuild(
  collector: Collector,
  given: Origin,
  invocation: Invocation,
  command: BuildCommand,
  at: Place,
): void {
  const { repo } = collector;
  const folders = foldersOf(given, invocation);
  const because: Reason = { kind: 'source', at, text: `${given.name ?? given.source} builds here` };
  const pathsIn = (folder: string) => {
    const context =
      command.context === undefined || isRemote(command.context) ? undefined : resolve(command.context, folder, given);
    const path = command.dockerfile.given
      ? command.dockerfile.path === undefined
        ? undefined
        : resolve(command.dockerfile.path, folder, given)
      : context === undefined
        ? undefined
        : joinRepoPath(context, 'Dockerfile');
    return { context, path };
  };
  const folder = folders.find((candidate) => {
    const { path } = pathsIn(candidate);
    return path !== undefined && repo.entry(path) !== undefined;
  });
  const docs = given.source === 'docs';
  const sure = given.folders.length === 1 && !docs;
  const chosen = folder ?? (sure ? folders[0] : undefined);
  if (command.dockerfile.given ? command.dockerfile.path === undefined : command.context === undefined) {
    const starts = chosen === undefined ? folders : [chosen];
    const fitting = starts.map((start) => fittingBuilds(repo, given, invocation, start, at));
    const first = fitting.find((builds) => builds.length > 0);
    if (first !== undefined) {
      collector.requests.push(...first);
      return;
    }
  }
  // A path that is nowhere proves nothing when the folder is a guess.
  if (folder === undefined && docs) return;
  const { context, path } = chosen === undefined ? { context: undefined, path: undefined } : pathsIn(chosen);
  const text = `docker build${command.context === undefined ? '' : ` ${command.context}`}`;
  collector.requests.push({
    dockerfile:
      path === undefined
        ? unknown('the Dockerfile of this build depends on what is not known here', because)
        : known(path, because),
    context: context === undefined ? unknown(contextWhy(command.context), because) : known(context, because),
    ...(command.stage === undefined
      ? {}
      : { stage: factOf(command.stage.value, 'the target stage is a variable', because) }),
    args: facts(command.args, because),
    platforms: command.platforms,
    additionalContexts: contextFacts(command.contexts, chosen, because),
    use: {
      source: given.source,
      ...(given.name === undefined ? {} : { name: given.name }),
      at,
      text,
      development: isDevelopment(at.file) || isDevelopment(given.name ?? ''),
      tags: command.tags,
    },
  });
}

/** The builds of a command whose Dockerfile a variable chooses. */
function fittingBuilds(
  repo: Repo,
  given: Origin,
  invocation: Invocation,
  folder: string,
  at: Place,
): readonly BuildRequest[] {
  const raw = dockerCommand(invocation.patterns);
  if (raw?.kind !== 'build') return [];
  return patternBuilds(
    {
      dockerfile: raw.dockerfile.given ? raw.dockerfile.path : undefined,
      context: raw.context,
      folder,
      source: given.source,
      ...(given.name === undefined ? {} : { name: given.name }),
      at,
      development: isDevelopment(at.file),
    },
    repo.files(),
  );
}

function collectCompose(
  collector: Collector,
  given: Origin,
  invocation: Invocation,
  command: ComposeCommandLine,
  at: Place,
): void {
  const set = invocation.variables.get('COMPOSE_FILE');
  const named: readonly (string | undefined)[] =
    command.files.length > 0 ? command.files : set === undefined ? [] : set.split(/[:;]/);
  if (named.length === 0 && command.profiles.length === 0) return;
  if (named.some((file) => file === undefined)) return;
  for (const folder of foldersOf(given, invocation)) {
    const files = named.map((file) => (file === undefined ? undefined : resolve(file, folder, given)));
    const present = files.filter((file) => file !== undefined && collector.repo.entry(file) !== undefined);
    if (present.length !== files.length || present.length === 0) continue;
    collector.composeUses.push({
      files: present.filter((file) => file !== undefined),
      ...(command.projectDirectory === undefined
        ? {}
        : { projectDirectory: resolve(command.projectDirectory, folder, given) ?? '' }),
      profiles: command.profiles,
      envFiles: command.envFiles.flatMap((file) => resolve(file, folder, given) ?? []),
      at,
      text: `docker compose ${named.map((file) => `-f ${file ?? '?'}`).join(' ')} ${command.verb ?? ''}`.trim(),
      rank: given.source === 'docs' ? 'documented' : 'used',
    });
    return;
  }
}
