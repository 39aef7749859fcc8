import { COLOURED, type Paint, PLAIN } from '../report/text/paint.ts';

/** The only way to the console, so that verbs can be tested and output is never lost when a pipe closes. */
export interface Terminal {
  /** Columns of standard output. */
  readonly width: number;
  readonly interactive: boolean;
  /** Colours for standard output. */
  readonly paint: Paint;
  /** Colours for standard error, which may lead elsewhere. */
  readonly errPaint: Paint;
  out(text: string): void;
  err(text: string): void;
  /** Says what is going on: one line that is written over where somebody watches, a line each elsewhere. Empty: nothing more. */
  status(text: string): void;
}

export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // A closed pipe (`plimsoll | head`) is the reader's choice, not a fault; a full disk is one, but not ours.
  const lost = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    if (stdout.writable) stderr.write(`plimsoll: the output could not be written: ${error.message}\n`);
    process.exit(2);
  };
  stdout.on('error', lost);
  stderr.on('error', lost);
  const columns = Number(env['COLUMNS']);
  const width = stdout.columns ?? (Number.isInteger(columns) && columns > 0 ? columns : 100);
  const watched = stderr.isTTY === true && env['TERM'] !== 'dumb';
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    width: Math.max(40, Math.min(width, 140)),
    interactive: stdout.isTTY === true,
    paint: paintFor(stdout, env),
    errPaint: paintFor(stderr, env),
    out: (text) => {
      clear();
      stdout.write(text);
    },
    err: (text) => {
      clear();
      stderr.write(text);
    },
    status: (text) => {
      clear();
      if (text === '') return;
      if (!watched) stderr.write(`${text}\n`);
      else {
        stderr.write(`${text}`.slice(0, (stderr.columns ?? 80) - 1));
        shown = true;
      }
    },
  };
}

/** Colours where a person looks at a terminal that has them, unless NO_COLOR is set to something (no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  if ((env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0') return COLOURED;
  const wanted = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return stream.isTTY === true && wanted ? COLOURED : PLAIN;
}
