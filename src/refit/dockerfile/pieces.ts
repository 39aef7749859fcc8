import type { CmdInstruction, Dockerfile, EntrypointInstruction, Instruction } from '../../dockerfile/types.ts';
import { jsonForm, plainCommands } from './commands.ts';

/** A Dockerfile that was written anew. */
export interface Written {
  readonly ok: true;
  readonly text: string;
  /** What a reviewer should know, one sentence each. */
  readonly notes: readonly string[];
}

/** It is left as it is, with the reason; `line` says where. */
export interface Left {
  readonly ok: false;
  readonly why: string;
  readonly line?: number;
}

export function left(why: string, at?: Instruction): Left {
  return at === undefined ? { ok: false, why } : { ok: false, why, line: at.place.line };
}

/** The user's comments above an instruction, as lines. */
export function commentsAbove(instruction: Instruction): readonly string[] {
  return (
    instruction.comments
      .filter((item) => item.position === 'before')
      // A rule of hashes is none when a blank comes into it.
      .map((item) => (item.text.startsWith('#') ? `#${item.text}` : `# ${item.text}`.trimEnd()))
  );
}

/** Said above an install that the refit has written. */
export const OWN_LAYER = '# a layer of its own: it is built again only when these files change';

/** Comments that move with a step to another one, without those that the refit itself writes there. */
export function movedComments(instruction: Instruction): readonly string[] {
  return commentsAbove(instruction).filter((line) => line !== OWN_LAYER);
}

/** An instruction as the user wrote it, comments included. */
export function asWritten(dockerfile: Dockerfile, instruction: Instruction): string {
  const { start, end } = instruction.span;
  return [...commentsAbove(instruction), lf(dockerfile.text.slice(start, end))].join('\n');
}

/** A step that nobody can say the meaning of: kept, with the place it came from. */
export function carried(dockerfile: Dockerfile, instruction: Instruction): string {
  const mark = `# carried over from line ${instruction.place.line}: Plimsoll does not know what it does`;
  const own = instruction.comments.some((item) => item.text.startsWith('carried over from line '));
  return own ? asWritten(dockerfile, instruction) : `${mark}\n${asWritten(dockerfile, instruction)}`;
}

export function lf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** A file's text with the line ends that it had. */
export function likeBefore(text: string, before: string): string {
  return before.includes('\r\n') ? lf(text).replaceAll('\n', '\r\n') : text;
}

/** Blocks of lines, an empty line between them; empty blocks vanish. */
export function joinBlocks(blocks: readonly (string | undefined)[]): string {
  return `${blocks.filter((block) => block !== undefined && block !== '').join('\n\n')}\n`;
}

/** Lines without the missing ones. */
export function lines(...all: readonly (string | readonly string[] | undefined)[]): string {
  return all
    .flat()
    .filter((line) => line !== undefined && line !== '')
    .join('\n');
}

/** `# syntax=…` and its like, which must stay first. */
export function directivesOf(dockerfile: Dockerfile): string | undefined {
  const all = dockerfile.directives.map((item) => `# ${item.name}=${item.value}`);
  return all.length === 0 ? undefined : all.join('\n');
}

/** Words of the shell itself, and assignments: they cannot take the shell's place. */
const NO_PROGRAM = /^(cd|export|set|source|\.|wait|if|while|until|for|case|\{|\[)$|=/;

/** The start command in exec form, so that process 1 is the application and gets SIGTERM. `strip` takes runners off that the
 * refitted image does not have (`uv run`). Undefined: it cannot be said without a shell that someone must look at. */
export function execForm(
  command: CmdInstruction | EntrypointInstruction,
  strip: (argv: readonly string[]) => readonly string[] | undefined,
): string | undefined {
  if (command.argv !== undefined) {
    const written = command.argv.map((word) => word.text);
    const [shell = '', flag, script, ...more] = written;
    if (/^(\/bin\/)?(ba)?sh$/.test(shell) && flag === '-c' && script !== undefined && more.length === 0) {
      // A text that cannot be changed stays as it is, unless something must be taken off it.
      return execLast(script, strip, shell) ?? (/\b(uv|poetry) run\b/.test(script) ? undefined : jsonForm(written));
    }
    const argv = strip(written);
    return argv === undefined ? undefined : jsonForm(argv);
  }
  const text = command.script?.text.trim();
  if (text === undefined) return undefined;
  const chain = plainCommands(text.replace(/^exec\s+/, ''));
  if (chain?.length === 1) {
    const argv = strip(chain[0] ?? []);
    return argv === undefined || NO_PROGRAM.test(argv[0] ?? '') ? undefined : jsonForm(argv);
  }
  return execLast(text, strip);
}

/** `migrate && serve --port $PORT`: the shell stays until the last command, which takes its place. */
function execLast(
  text: string,
  strip: (argv: readonly string[]) => readonly string[] | undefined,
  shell = 'sh',
): string | undefined {
  if (/[;|<>()`\n]|(?<!&)&(?!&)/.test(text) || /["'][^"']*\s\s/.test(text)) return undefined;
  const commands = text.split('&&').map((command) => command.trim());
  const replaced = commands.map((command, index) => {
    const words = command.replace(/^exec\s+/, '').split(/\s+/);
    const argv = strip(words);
    if (argv === undefined) return undefined;
    if (index < commands.length - 1) return argv.join(' ');
    return NO_PROGRAM.test(argv[0] ?? '') ? undefined : `exec ${argv.join(' ')}`;
  });
  return replaced.includes(undefined) ? undefined : jsonForm([shell, '-c', replaced.join(' && ')]);
}
