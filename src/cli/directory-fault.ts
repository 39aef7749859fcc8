import { existsSync, readdirSync, statSync } from 'node:fs';

/** Why a directory cannot be looked at, in a sentence with a remedy; undefined when it can. */
export function directoryFault(directory: string): string | undefined {
  if (!existsSync(directory)) return `${directory} does not exist.`;
  if (!statSync(directory).isDirectory())
    return `${directory} is a file; give the directory of the repository. (plimsoll show looks at single files.)`;
  try {
    if (readdirSync(directory).length === 0) return `${directory} is empty: there is nothing to look at.`;
  } catch (error) {
    return `${directory} could not be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
  return undefined;
}
