import type { Repo } from '../repo/repo.ts';
import { linePlace, type Place } from '../text/place.ts';

/** A `docker compose` that a document, a Makefile or a script tells people to call. */
export interface DocumentedCommand {
  readonly at: Place;
  /** Of `-f`, as written, variables of the Makefile filled in. */
  readonly files: readonly string[];
  /** `exec`, `up` … */
  readonly verb: string;
  /** What follows the verb, without its options. */
  readonly words: readonly string[];
  readonly text: string;
}

/** What people and machines are told to call. Records of decisions and of changes tell of the past. */
const TELLS = /^(?:[^/]+|docs?\/[^/]+|[^/]+\/README\.md|(?:scripts?|bin|tools|deploy|deployment)\/[^/]+)$/;
const KINDS = /(?:^|\/)(?:README[\w.-]*|Makefile|justfile|package\.json)$|\.(?:md|sh|mk)$/i;
const PAST = /changelog|history|\badr\b|migration|release|contribut|summary|report|plan|todo|notes/i;
const COMMAND = /\bdocker(?:-| )compose\b((?:(?!&&|\|\||[;|`#<>()"]|\bdocker[ -]compose\s).)*)/g;
/** Options of `docker compose` and of its verbs that take a value. */
const VALUED = new Set([
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--project-directory',
  '--env-file',
  '--profile',
  '--ansi',
  '--progress',
  '--parallel',
  '-e',
  '--env',
  '-u',
  '--user',
  '-w',
  '--workdir',
  '--index',
  '--scale',
  '-t',
  '--timeout',
  '--tail',
  '--since',
  '--until',
  '-n',
  '--name',
  '--volume',
  '-v',
  '--publish',
  '--entrypoint',
  '--label',
  '-l',
  '--pull',
  '--exit-code-from',
  '--format',
  '--build-arg',
  '-s',
  '--signal',
]);

const READ = new WeakMap<Repo, readonly DocumentedCommand[]>();

/** Every such command of a repository, in the order of the files. */
export function documentedCommands(repo: Repo): readonly DocumentedCommand[] {
  const before = READ.get(repo);
  if (before !== undefined) return before;
  const found = repo
    .files()
    .filter((file) => TELLS.test(file) && KINDS.test(file) && !PAST.test(file))
    .slice(0, 200)
    .flatMap((file) => ((repo.entry(file)?.size ?? 0) < 300_000 ? commandsIn(file, repo.text(file) ?? '') : []));
  READ.set(repo, found);
  return found;
}

function commandsIn(file: string, text: string): readonly DocumentedCommand[] {
  if (!/docker[- ]compose/.test(text)) return [];
  const code = /\.(?:md|rst)$/i.test(file);
  const variables = /makefile|\.mk$/i.test(file)
    ? new Map([...text.matchAll(/^(\w+)\s*[:?]?=\s*(\S+)\s*$/gm)].map((m) => [m[1] ?? '', m[2] ?? '']))
    : new Map<string, string>();
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    // Prose speaks of Compose; a comment of a script, too.
    if ((code && !fenced && !/^\s{4}|`/.test(line)) || /^\s*(?:#|\/\/)/.test(line)) return [];
    const filled = line.replace(/\$[({](\w+)[)}]/g, (all, name: string) => variables.get(name) ?? all);
    return [...filled.matchAll(COMMAND)].flatMap((match) => {
      if (code && !fenced && !/`\s*(?:\$\s*)?(?:sudo\s+)?$/.test(filled.slice(0, match.index)) && !/^\s{4}/.test(line))
        return [];
      const command = commandOf((match[1] ?? '').trim().split(/\s+/));
      return command === undefined ? [] : [{ ...command, at: linePlace(file, index + 1), text: match[0].trim() }];
    });
  });
}

function commandOf(words: readonly string[]): Pick<DocumentedCommand, 'files' | 'verb' | 'words'> | undefined {
  const files: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    // What follows the service of exec and run is its own command.
    const inside = rest.length > 1 && (rest[0] === 'exec' || rest[0] === 'run');
    if (inside || !word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const [name = '', given] = word.split('=', 2);
    const value = given ?? (VALUED.has(name) ? words[++i] : undefined);
    if (rest.length === 0 && (name === '-f' || name === '--file') && value !== undefined) files.push(value);
  }
  const [verb, ...others] = rest;
  return verb === undefined ? undefined : { files, verb, words: others };
}
