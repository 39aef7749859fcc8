import { joinPath, type SourceTree } from '../source/source-tree.ts';

/** A script that a command runs: by its own name, or as the first word of a shell. */
export interface StartFile {
  readonly path: string;
  readonly text: string;
  readonly args: readonly string[];
  readonly shell: 'sh' | 'bash';
}

/** Undefined: the command runs none that can be read. */
export function scriptOf({
  argv,
  cwd,
  files,
}: {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly files: SourceTree;
}): StartFile | undefined {
  const [first = ''] = argv;
  const byShell = /^(\/(usr\/)?bin\/)?(ba|da|a)?sh$/.test(first);
  let at = byShell ? 1 : 0;
  while (byShell && /^-[euxl]+$/.test(argv[at] ?? '')) at++;
  const word = argv[at];
  if (word === undefined || word.startsWith('-') || /[\s$]/.test(word)) return undefined;
  const paths = word.includes('/') || byShell ? [joinPath(cwd, word)] : [`/usr/local/bin/${word}`, `/usr/bin/${word}`];
  const path = paths.find((p) => files.look(p) === 'file');
  const text = path === undefined ? undefined : files.text(path);
  if (path === undefined || text === undefined) return undefined;
  return byShell || /^#!.*\b(?:ba|da|a)?sh\b/.test(text)
    ? {
        path,
        text,
        args: argv.slice(at + 1),
        shell: /bash/.test(byShell ? first : (text.split('\n')[0] ?? '')) ? ('bash' as const) : ('sh' as const),
      }
    : undefined;
}
