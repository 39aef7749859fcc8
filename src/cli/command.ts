import type { Terminal } from './terminal.ts';

/** One flag of a verb, as `node:util` parseArgs takes it, with what help says of it. */
export interface Flag {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: true;
  /** Name of the value in help. */
  readonly value?: string;
  readonly help: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly terminal: Terminal;
  readonly version: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** 0 fine; 1 findings or a budget missed; 2 wrong use or nothing could be read; 3 our bug; 130 interrupted, as shells say it. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

export interface Verb {
  readonly summary: string;
  /** What follows the verb in the usage line. */
  readonly usage: string;
  readonly maxPositionals: number;
  readonly flags: Readonly<Record<string, Flag>>;
  load(): Promise<(invocation: Invocation) => Promise<ExitCode>>;
}
