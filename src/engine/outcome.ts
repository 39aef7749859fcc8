import type { Digest } from '../repo/repo.ts';

/** How a call to the engine ended. Anything but `exit` has no exit code of its own. */
export type Ending = 'exit' | 'time-limit' | 'aborted' | 'not-started';

/** What one call to the engine did. A fault of the engine is such a value, never an exception. */
export interface Outcome {
  /** The whole command, as a person could run it again. */
  readonly argv: readonly string[];
  readonly ended: Ending;
  /** Exit code; absent when the process did not end by itself. */
  readonly exit?: number;
  /** Standard output, at most `outputLimit` characters from its end. */
  readonly stdout: string;
  readonly stderr: string;
  /** Wall-clock seconds. */
  readonly seconds: number;
  /** One sentence when the call ended otherwise than by an exit: what and what to do. */
  readonly fault?: string;
  /** Where the ledger keeps the output, when the engine is `recording`. */
  readonly log?: Digest;
}

/** True when the process ended by itself with code 0. */
export function succeeded(outcome: Outcome): boolean {
  return outcome.ended === 'exit' && outcome.exit === 0;
}

/** The last lines of what was said, errors first, for a sentence in a report. */
export function tail(outcome: Outcome, lines = 5): string {
  const text = outcome.stderr.trim() === '' ? outcome.stdout : outcome.stderr;
  const said = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return said.slice(-lines).join('\n');
}

/** Why a call did not succeed, in the engine's words. */
export function failure(outcome: Outcome, lines = 3): string {
  if (outcome.fault !== undefined) return outcome.fault;
  const said = tail(outcome, lines);
  return said === '' ? `${outcome.argv.slice(0, 3).join(' ')} ended with code ${outcome.exit ?? '?'}` : said;
}
