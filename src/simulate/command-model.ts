import type { Fact, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { ImageState } from './state.ts';
import type { BreakKind } from './trace.ts';

/** One word of a command after expansion. */
export interface Arg {
  /** Unknown where a variable, a substitution or a pattern in it is not known. */
  readonly value: Fact<string>;
  /** As written in the Dockerfile. */
  readonly text: string;
  readonly at: Place;
  /** The word may stand for any number of words (an unmatched-or-not glob, `$LIST` unquoted). Only with an unknown value. */
  readonly many?: true;
  /** The pattern that could not be expanded because a directory is not fully known: `/var/lib/apt/lists/*`. */
  readonly pattern?: string;
}

/** `--mount` of the RUN. What is written below `target` never gets into the image. */
export interface Mount {
  readonly type: 'cache' | 'bind' | 'tmpfs' | 'secret' | 'ssh';
  readonly target: string;
  readonly readOnly: boolean;
  readonly at: Place;
}

/** A simple command about to run, words expanded. */
export interface Call {
  /** The command and its arguments; `argv[0]` is as typed. */
  readonly argv: readonly Arg[];
  /** Last component of the command: `mkdir` for `/bin/mkdir`. */
  readonly name: string;
  /** Place of the whole command. */
  readonly at: Place;
  /** `{ kind: 'line', at, text: 'RUN …' }`: the origin of everything it writes. */
  readonly reason: Reason;
  /** Absolute. */
  readonly cwd: Fact<string>;
  /** Exported variables, with `NAME=value command` prefixes applied. Values may be unknown; a missing name is unset unless `envOpen`. */
  readonly env: ReadonlyMap<string, Fact<string>>;
  /** Some variables cannot be known (an unknown `.`, an unknown base): a missing name may be set. */
  readonly envOpen: boolean;
  /** Numeric ids the command runs with, where known. */
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  /** Usually 0o022. */
  readonly umask: number;
  readonly mounts: readonly Mount[];
  /** Standard input: a heredoc, a here-string, `<file`, the known output of the left side of a pipe. Absent: nothing. */
  readonly stdin?: Fact<string>;
  /** Who interprets the line: built-ins differ (`echo -e`). */
  readonly shell: 'dash' | 'bash' | 'busybox' | 'unknown';
}

/** A failure that a model predicts: see `Break`; the walk adds `hypothetical` and `swallowed`. */
export interface Failure {
  readonly kind: BreakKind;
  readonly at: Place;
  readonly subject: string;
  readonly text: string;
  readonly because: readonly Reason[];
  readonly says?: string;
  readonly detail?: Readonly<Record<string, string>>;
}

export type Exit =
  | { readonly status: 'succeeds' }
  /** `code` 1..255. Failures say why it is somebody's fault; `test -f x` and `grep -q` fail without any. */
  | { readonly status: 'fails'; readonly code: number; readonly failures: readonly Failure[] }
  | { readonly status: 'unknown'; readonly why: string };

export interface Outcome {
  /** After the command, whether it succeeded or not. For `unknown` exits: what holds in both cases. */
  readonly state: ImageState;
  readonly exit: Exit;
  /** As if a failure were repaired (what the author meant): the walk goes on from here when the failure stops the build. */
  readonly repaired?: ImageState;
  /** What it prints, where known; absent: not known. `''` for silent commands. */
  readonly stdout?: Fact<string>;
  /** Short sentences: `creates /app/dist (assumed: vite build)`. */
  readonly effects: readonly string[];
  /** Set when the effect is not fully modelled: why facts after it may be unknown. */
  readonly unmodelled?: string;
  /** Bytes written to the image's layer, where known. */
  readonly bytes?: number;
}

/** The effect of one command. Pure. Returning `undefined` says: these arguments I do not know; the walk then treats the
 * call as an unknown command (everything it could reach is in doubt). */
export type CommandModel = (call: Call, state: ImageState, world: World) => Outcome | undefined;

/** What is outside the image that a model may ask. Packages: import `src/packages/` directly. */
export interface World {
  /** `linux/amd64` in parts. */
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** False with `RUN --network=none`. */
  readonly network: boolean;
  /** Runs another command line as a sub-process (`npm run build` → its script, `sh -c`, `env`, `xargs`): walked with the same
   * rules. `text` is a shell command line for `/bin/sh`. */
  runShell(text: string, call: Call, state: ImageState, changes?: RunChanges): Outcome;
  /** Runs words as a command: for wrappers such as `env`, `sudo`, `exec`, `time`, `nice`. */
  runArgv(argv: readonly Arg[], call: Call, state: ImageState, changes?: RunChanges): Outcome;
}

export interface RunChanges {
  readonly cwd?: Fact<string>;
  readonly env?: ReadonlyMap<string, Fact<string>>;
  readonly uid?: Fact<number>;
  readonly gid?: Fact<number>;
}

/** The words of a call as text, or the first that is not known. */
export function knownWords(call: Pick<Call, 'argv'>): Fact<readonly string[]> {
  const words: string[] = [];
  const because: Reason[] = [];
  for (const arg of call.argv) {
    if (!arg.value.known) return arg.value;
    words.push(arg.value.value);
    because.push(...arg.value.because);
  }
  return { known: true, value: words, because };
}

export function succeeded(state: ImageState, effects: readonly string[] = [], stdout?: string): Outcome {
  const base = { state, exit: { status: 'succeeds' }, effects } as const;
  return stdout === undefined ? base : { ...base, stdout: { known: true, value: stdout, because: [] } };
}

export function failed(
  state: ImageState,
  failures: readonly Failure[],
  options: { readonly code?: number; readonly repaired?: ImageState; readonly effects?: readonly string[] } = {},
): Outcome {
  return {
    state,
    exit: { status: 'fails', code: options.code ?? 1, failures },
    effects: options.effects ?? [],
    ...(options.repaired ? { repaired: options.repaired } : {}),
  };
}
