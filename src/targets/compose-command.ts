/** Words of a command line; undefined ones depend on what is not known. */
export type Words = readonly (string | undefined)[];

export interface ComposeCommandLine {
  readonly kind: 'compose';
  /** Undefined entries are not known. */
  readonly files: readonly (string | undefined)[];
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly projectDirectory?: string;
  readonly verb: string | undefined;
}

const COMPOSE_VALUES = new Set([
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--profile',
  '--env-file',
  '--project-directory',
  '--ansi',
  '--parallel',
  '--progress',
  '-H',
  '--host',
]);

/** The words after `docker compose`. */
export function composeLine(words: Words): ComposeCommandLine {
  const files: (string | undefined)[] = [];
  const profiles: string[] = [];
  const envFiles: string[] = [];
  let projectDirectory: string | undefined;
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i];
    if (word === undefined || !word.startsWith('-')) break;
    const { flag, value, next } = option(words, i, COMPOSE_VALUES);
    i = next;
    if (flag === '-f' || flag === '--file') files.push(value);
    else if (flag === '--profile' && value !== undefined) profiles.push(value);
    else if (flag === '--env-file' && value !== undefined) envFiles.push(value);
    else if (flag === '--project-directory') projectDirectory = value;
  }
  const verb = words[i];
  return {
    kind: 'compose',
    files,
    profiles,
    envFiles,
    verb,
    ...(projectDirectory === undefined ? {} : { projectDirectory }),
  };
}

/** The option at a position with its value, in any of the ways to write it. */
export function option(
  words: Words,
  at: number,
  withValue: ReadonlySet<string>,
): { flag: string; value: string | undefined; next: number } {
  const word = words[at] ?? '';
  const equals = word.indexOf('=');
  if (word.startsWith('--') && equals !== -1)
    return { flag: word.slice(0, equals), value: word.slice(equals + 1), next: at };
  if (withValue.has(word)) return { flag: word, value: words[at + 1], next: at + 1 };
  // `-fFILE`, `-tNAME`
  const short = word.slice(0, 2);
  if (!word.startsWith('--') && word.length > 2 && withValue.has(short))
    return { flag: short, value: word.slice(2).replace(/^=/, ''), next: at };
  return { flag: word, value: undefined, next: at };
}
