import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDataFromFiles } from '../repo/data-files.ts';
import { keepWorkIn } from '../text/kept.ts';
import type { ExitCode, Flag } from './command.ts';
import { mainHelp, verbHelp } from './help.ts';
import { WorkFile, workName } from './kept/work.ts';
import { nearest } from './suggest.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { VERBS } from './verbs.ts';

/** Runs the command line. Never throws: what escapes a verb is our bug and says how to report it.
 * @param kept The folder in which work is kept for later runs; undefined: nowhere. */
export async function main(argv: readonly string[], version: string, kept?: string): Promise<ExitCode> {
  const terminal = processTerminal();
  const work = kept === undefined ? undefined : new WorkFile(join(kept, workName(directoryOf(argv))));
  keepWorkIn(work);
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  process.once('SIGTERM', () => interruption.abort());
  try {
    const exit = await dispatch(argv, version, terminal, interruption.signal);
    work?.save();
    return exit;
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.err(
      `plimsoll: this is a bug of ours. Please report it with the command line and this text:\n${detail}\nplimsoll ${version}, node ${process.version}, ${process.platform}\n`,
    );
    return 3;
  }
}

/** The directory that a command line is about, as far as one can say before its options are read: only a name to keep things by. */
function directoryOf(argv: readonly string[]): string {
  return realpathSync(
    argv.find((word) => !Object.hasOwn(VERBS, word) && !word.startsWith('-') && existsSync(word)) ?? '.',
  );
}

/** Finds the verb, reads its options and runs it. Faults of the user are said on the terminal. */
export async function dispatch(
  argv: readonly string[],
  version: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [first] = argv;
  if (first === '--help' || first === '-h' || first === 'help') {
    terminal.out(mainHelp(version));
    return 0;
  }
  const named = first !== undefined && Object.hasOwn(VERBS, first);
  if (first !== undefined && !named && !first.startsWith('-') && !existsSync(first)) {
    const near = nearest(first, Object.keys(VERBS));
    terminal.err(
      `plimsoll: "${first}" is no verb and no directory.${near === undefined ? ' plimsoll --help lists the verbs.' : ` Did you mean "${near}"?`}\n`,
    );
    return 2;
  }
  const name = named ? first : 'check';
  const verb = VERBS[name];
  if (verb === undefined) throw new Error(`no verb ${name}`);
  const rest = named ? argv.slice(1) : argv;
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(verbHelp(name, verb));
    return 0;
  }
  const parsed = parseFlags(name, rest, verb.flags);
  if ('fault' in parsed) {
    terminal.err(`plimsoll: ${parsed.fault}\n`);
    return 2;
  }
  if (parsed.positionals.length > verb.maxPositionals) {
    terminal.err(
      `plimsoll: ${name} takes ${verb.usage === '' ? 'no argument' : verb.usage}, not "${parsed.positionals.join(' ')}".\n`,
    );
    return 2;
  }
  readDataFromFiles();
  const run = await verb.load();
  return run({ ...parsed, terminal, version, signal });
}

type Parsed = {
  positionals: readonly string[];
  flags: Record<string, string | boolean | readonly string[] | undefined>;
};

function parseFlags(
  name: string,
  argv: readonly string[],
  flags: Readonly<Record<string, Flag>>,
): Parsed | { fault: string } {
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type, short, multiple }]) => [
      flag,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { positionals, flags: values as Parsed['flags'] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const wrong = /'(-{1,2}[^' ]+)/.exec(message)?.[1];
    if (wrong !== undefined && !Object.hasOwn(flags, wrong.replace(/^-+/, ''))) {
      const near = nearest(wrong.replace(/^-+/, '').replace(/=.*/, ''), Object.keys(flags));
      return {
        fault: `${name} has no option ${wrong}.${near === undefined ? ` plimsoll ${name} --help lists them.` : ` Did you mean --${near}?`}`,
      };
    }
    return { fault: message };
  }
}
