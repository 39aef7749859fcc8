import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { Invocation } from './command.ts';

/** The config that holds for a directory; undefined when it is broken, which the user has been told with file and line. */
export function openConfig(
  directory: string,
  { flags, terminal }: Pick<Invocation, 'flags' | 'terminal'>,
): Extract<LoadedConfig, { ok: true }> | undefined {
  const loaded = loadConfig(directory, typeof flags['config'] === 'string' ? flags['config'] : undefined);
  if (loaded.ok) return loaded;
  for (const { at, text, remedy } of loaded.problems)
    terminal.err(`plimsoll: ${at.file}:${at.line}: ${text}. To mend it: ${remedy}.\n`);
  return undefined;
}
