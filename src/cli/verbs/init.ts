import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exampleConfig } from '../../config/example.ts';
import { configNames } from '../../config/load.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { directoryFault } from '../directory-fault.ts';
import { writeAtomically } from '../write-file.ts';

/** `plimsoll init`: a config file with its schema, never over one that is there. */
export async function run({ positionals, terminal }: Invocation): Promise<ExitCode> {
  const directory = positionals[0] ?? '.';
  const fault = existsSync(directory) ? undefined : directoryFault(directory);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const there = configNames.find((name) => existsSync(join(directory, name)));
  if (there !== undefined) {
    terminal.err(`plimsoll: ${join(directory, there)} is there already; it was not touched.\n`);
    return 2;
  }
  const path = join(directory, 'plimsoll.yaml');
  const written = writeAtomically(path, exampleConfig());
  if (written !== undefined) {
    terminal.err(`plimsoll: ${written}\n`);
    return 2;
  }
  terminal.out(`${path}\n`);
  return 0;
}
