import type { ComposeService } from '../compose/model.ts';
import { chainFact, type Fact, known, mapFact, unknown } from '../facts/fact.ts';
import type { Command, ImageState, RunUser } from '../simulate/state.ts';
import type { Place } from '../text/place.ts';
import { commandLines, singleCommand } from './command-line.ts';
import type { EnvValue, Process } from './types.ts';

const SHELL_BUILT_IN = new Set([
  'wait',
  'trap',
  'exit',
  'cd',
  'set',
  'echo',
  'printf',
  'true',
  'false',
  ':',
  'test',
  '[',
  'read',
  'kill',
  '.',
]);

/** The variables of a container: those of the image, then env files and `environment` of compose, which win. */
export function environmentOf(image: Fact<ImageState>, compose: ComposeService): ReadonlyMap<string, EnvValue> {
  const values = new Map<string, EnvValue>();
  if (image.known) {
    for (const [name, value] of image.value.env) {
      const at = value.because.findLast((r) => 'at' in r);
      values.set(name, { value, at: at !== undefined && 'at' in at ? at.at : undefined, origin: 'image' });
    }
  }
  for (const [name, entry] of compose.environment.entries) {
    values.set(name, { value: entry.fact, at: entry.at, origin: entry.from === 'env_file' ? 'env_file' : 'compose' });
  }
  return values;
}

/** Why variables may be set that are not listed: an unknown image, an env file that is not in the repository. */
export function environmentGap(image: Fact<ImageState>, compose: ComposeService): string | undefined {
  if (!image.known) return image.why;
  return compose.environment.open[0]?.text;
}

/** As whom the process starts: `user:` of compose, else the image's. */
export function userOf(image: Fact<ImageState>, compose: ComposeService): Fact<RunUser> {
  if (compose.user === undefined) return chainFact(image, (state) => state.user);
  return chainFact(compose.user.fact, (written): Fact<RunUser> => {
    const [name = '', group] = written.split(':');
    const because = { kind: 'compose' as const, at: compose.user?.at ?? compose.at, text: `user: ${written}` };
    if (/^\d+$/.test(name))
      return known(
        { written, uid: Number(name), ...(group !== undefined && /^\d+$/.test(group) ? { gid: Number(group) } : {}) },
        because,
      );
    return chainFact(image, (state) =>
      chainFact(state.users, (users): Fact<RunUser> => {
        const user = users.find((u) => u.name === name);
        return user === undefined
          ? unknown(`the image's users do not tell who ${name} is`, because)
          : known({ written, uid: user.uid, gid: user.gid }, because, user.origin);
      }),
    );
  });
}

/** What runs first in the container: entrypoint and command of compose over those of the image. */
export function processOf(
  image: Fact<ImageState>,
  compose: ComposeService,
  env: ReadonlyMap<string, EnvValue>,
): Fact<Process> {
  const entrypoint: Fact<Command | null> =
    compose.entrypoint === undefined
      ? chainFact(image, (s) => s.entrypoint)
      : mapFact(compose.entrypoint.fact, (argv) => execOf(argv, compose.entrypoint?.at));
  const cmd: Fact<Command | null> =
    compose.command !== undefined
      ? mapFact(compose.command.fact, (argv) => execOf(argv, compose.command?.at))
      : compose.entrypoint !== undefined
        ? known(null)
        : chainFact(image, (s) => s.cmd);
  // Where the words come from is said by the process itself: the reasons of both would only repeat it.
  return chainFact(bare(entrypoint), (entry) =>
    chainFact(bare(cmd), (command): Fact<Process> => {
      const at = command?.at ?? entry?.at ?? compose.at;
      const shell = image.known ? image.value.shell : ['/bin/sh', '-c'];
      const argv = vectorOf(entry, command, shell);
      if (argv.length === 0)
        return unknown('no command is set', {
          kind: 'compose',
          at: compose.at,
          text: `${compose.name} has no command`,
        });
      const started =
        entry?.form !== 'shell' && entry !== null && command !== null && passesOn(entry.argv, image)
          ? vectorOf(null, command, shell)
          : argv;
      const form = (entry ?? command)?.form === 'shell' || shellText(started) !== undefined ? 'shell' : 'exec';
      return known(
        { argv, form, command: innerCommand(started, env), waits: waitsFor(started, image, env), at },
        { kind: 'line', at, text: `it runs ${argv.join(' ')}` },
      );
    }),
  );
}

function bare<T>(fact: Fact<T>): Fact<T> {
  return fact.known ? { ...fact, because: [] } : fact;
}

function execOf(argv: readonly string[], at: Place | undefined): Command | null {
  return argv.length === 0 ? null : { form: 'exec', argv, ...(at === undefined ? {} : { at }) };
}

/** Shell form runs under the image's shell; a shell-form entrypoint takes no arguments. */
function vectorOf(entry: Command | null, command: Command | null, shell: readonly string[]): readonly string[] {
  const words = (c: Command): readonly string[] => (c.form === 'shell' ? [...shell, ...c.argv] : c.argv);
  if (entry === null) return command === null ? [] : words(command);
  return entry.form === 'shell' ? words(entry) : [...entry.argv, ...(command === null ? [] : words(command))];
}

/** What the shell waits for. Measured on 2026-11-21 (Docker 28.5): dash forks for the last command unless it begins with `exec`;
 * bash and BusyBox put the last command in their own place, unless `||` or `;` follows it. */
function waitsFor(
  argv: readonly string[],
  image: Fact<ImageState>,
  env: ReadonlyMap<string, EnvValue>,
): Fact<string | undefined> {
  const text = shellText(argv);
  if (text === undefined) return known(undefined);
  const lines = commandLines(text, (name) => (env.get(name)?.value.known === true ? '' : undefined));
  const last = lines.at(-1);
  const name = last?.words[0];
  if (last === undefined || name === undefined) return unknown('the last command of the shell text is not known');
  // A shell that runs commands of its own to the end (a loop, a trap, a builtin) is the application itself.
  if (last.exec || last.conditional || SHELL_BUILT_IN.has(name)) return known(undefined);
  const kind: Fact<string> = /bash$/.test(argv[0] ?? '') ? known('bash') : chainFact(image, (s) => s.bourneShell);
  return mapFact(kind, (shell) => (shell === 'dash' ? name : undefined));
}

/** Whether an entrypoint ends by running its arguments: tini and like, or a script whose last command is `exec "$@"`. */
function passesOn(entrypoint: readonly string[], image: Fact<ImageState>): boolean {
  const program = entrypoint[0]?.split('/').pop() ?? '';
  if (/^(tini|dumb-init|docker-init|catatonit)(-static)?$/.test(program)) return true;
  if (/^(docker-entrypoint\.sh|docker-php-entrypoint|__cacert_entrypoint\.sh)$/.test(program)) return true;
  if (!image.known) return false;
  const path = entrypoint.find((word) => /\.(sh|bash)$/.test(word) || word === entrypoint[0]) ?? '';
  const absolute = path.startsWith('/')
    ? path
    : `${image.value.workdir.known ? image.value.workdir.value : ''}/${path.replace(/^\.\//, '')}`;
  const found = image.value.tree.lookup(absolute);
  const text = found.known ? found.value.entry?.content?.() : undefined;
  return text !== undefined && /(^|\n)\s*exec\s+(?:\S+\s+(?:"\S+"\s+|\S+\s+)?)?"?\$@"?\s*$/.test(text.trimEnd());
}

function shellText(argv: readonly string[]): string | undefined {
  return /^(\/(usr\/)?bin\/)?(ba|da|a)?sh$/.test(argv[0] ?? '') && /^-\w*c$/.test(argv[1] ?? '') ? argv[2] : undefined;
}

/** The words that really run, when the shell only starts one command. */
function innerCommand(argv: readonly string[], env: ReadonlyMap<string, EnvValue>): readonly string[] {
  const text = shellText(argv);
  if (text === undefined) return argv;
  const single = singleCommand(text, (name) => {
    const value = env.get(name)?.value;
    return value === undefined ? undefined : value.known ? value.value : undefined;
  });
  return single === undefined || single.words.some((w) => w === undefined) ? argv : (single.words as readonly string[]);
}
