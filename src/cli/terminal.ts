import { COLOURED, type Paint, PLAIN } from '../report/text/paint.ts';

/** The only way to the console, so that verbs can be tested and output is never lost when a pipe closes. */
export interface Terminal {
  readonly width: number;
  readonly interactive: boolean;
  readonly paint: Paint;
  out(text: string): void;
  err(text: string): void;
}

export function processTerminal(): Terminal {
  // A closed pipe (`plimsoll | head`) is the reader's choice, not a fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  const interactive = process.stdout.isTTY === true;
  const columns = Number(process.env['COLUMNS']);
  const width = process.stdout.columns ?? (Number.isInteger(columns) && columns > 0 ? columns : 100);
  const coloured =
    (interactive && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb') ||
    (process.env['FORCE_COLOR'] ?? '0') !== '0';
  return {
    width: Math.max(40, Math.min(width, 140)),
    interactive,
    paint: coloured ? COLOURED : PLAIN,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
