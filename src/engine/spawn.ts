import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Call } from './engine.ts';
import type { Ending, Outcome } from './outcome.ts';

/** Characters kept of each stream: `compose config` and `inspect` of large stacks fit, endless logs do not fill memory. */
const outputLimit = 8_000_000;

class Captured {
  #text = '';

  add(chunk: string): void {
    this.#text += chunk;
    if (this.#text.length > 2 * outputLimit) this.#text = this.#text.slice(-outputLimit);
  }

  get text(): string {
    return this.#text.length > outputLimit ? this.#text.slice(-outputLimit) : this.#text;
  }
}

export interface SpawnOptions extends Call {
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes standard output instead of the outcome. */
  readonly sink?: Writable;
  /** A stream that is piped to standard input. */
  readonly source?: NodeJS.ReadableStream;
}

/** Runs a command in a process group of its own, so that nothing it started outlives it. Never throws. */
export function run(argv: readonly string[], options: SpawnOptions): Promise<Outcome> {
  const started = performance.now();
  const seconds = options.seconds ?? 120;
  const [command = '', ...args] = argv;
  const stdout = new Captured();
  const stderr = new Captured();
  const outcome = (ended: Ending, rest: { exit?: number; fault?: string }): Outcome => ({
    argv,
    ended,
    stdout: stdout.text,
    stderr: stderr.text,
    seconds: (performance.now() - started) / 1000,
    ...rest,
  });
  if (options.signal?.aborted) return Promise.resolve(outcome('aborted', { fault: 'stopped before it began' }));
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...options.environment, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let ended: Ending = 'exit';
    let settled = false;
    let killTimer: NodeJS.Timeout | undefined;
    const end = (why: Ending): void => {
      if (ended !== 'exit' || settled) return;
      ended = why;
      killGroup(child.pid, 'SIGTERM');
      killTimer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), 3000);
    };
    const limit = setTimeout(() => end('time-limit'), seconds * 1000);
    const onAbort = (): void => end('aborted');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (result: Outcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(limit);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    if (options.sink === undefined) child.stdout.setEncoding('utf8').on('data', (chunk: string) => stdout.add(chunk));
    else child.stdout.pipe(options.sink);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.add(chunk));
    // A process that ends before it read its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', (error) => stderr.add(`\n(input: ${error.message})`));
    if (options.source !== undefined) options.source.pipe(child.stdin);
    else child.stdin.end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      const fault =
        error.code === 'ENOENT'
          ? `${command} is not installed or not on PATH`
          : `${command} could not be started: ${error.message}`;
      settle(outcome('not-started', { fault }));
    });
    child.on('close', (code, signal) => {
      if (ended === 'time-limit') settle(outcome(ended, { fault: `did not end within ${seconds} s and was stopped` }));
      else if (ended === 'aborted') settle(outcome(ended, { fault: 'stopped on request' }));
      else if (code === null) settle(outcome('exit', { exit: 137, fault: `was ended by ${signal ?? 'a signal'}` }));
      else settle(outcome('exit', { exit: code }));
    });
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group has just ended by itself, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const handedOn =
  /^(PATH|HOME|USER|TMPDIR|XDG_RUNTIME_DIR|XDG_CONFIG_HOME|SSH_AUTH_SOCK|DOCKER_.*|BUILDX_.*|BUILDKIT_HOST|CONTAINER_HOST|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY|https?_proxy|no_proxy|all_proxy|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramFiles)$/;

/** What a container client needs of the caller's environment. All else stays behind: a compose file would take it up. */
export function clientEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && handedOn.test(name)) kept[name] = value;
  }
  // Hints and advertisements would end up in the engine's words.
  kept['DOCKER_CLI_HINTS'] = 'false';
  kept['COMPOSE_MENU'] = 'false';
  kept['BUILDX_NO_DEFAULT_ATTESTATIONS'] = '1';
  return kept;
}
