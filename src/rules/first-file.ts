import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { BuildTarget } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** The file that the kernel is asked to execute when a container of the image starts. */
export interface FirstFile {
  readonly path: string;
  /** Permission bits, where known. */
  readonly mode: number | undefined;
  readonly content: string | undefined;
  /** The ENTRYPOINT or CMD that names it. */
  readonly at: Place;
  readonly because: readonly Reason[];
}

/** Known undefined: the image starts with nothing that the Dockerfile names by its path, or with a file that is not there
 * (another rule tells of that). Unknown where the base decides or the file cannot be seen. */
export function firstFile(target: BuildTarget): Fact<FirstFile | undefined> {
  const { entrypoint, cmd, workdir, tree } = target.trace.final;
  if (!entrypoint.known) return entrypoint;
  const command = entrypoint.value ?? (cmd.known ? cmd.value : undefined);
  if (command === undefined) return cmd.known ? known(undefined) : cmd;
  // What the base starts with is the base's own.
  if (command === null || command.at === undefined) return known(undefined);
  const [first = ''] = command.form === 'exec' ? command.argv : [firstWord(command.argv[0] ?? '')];
  if (!first.includes('/') || first.includes('$')) return known(undefined);
  if (!first.startsWith('/') && !workdir.known) return workdir;
  const path = first.startsWith('/') ? first : `${workdir.known ? workdir.value : ''}/${first}`;
  const found = tree.lookup(path);
  if (!found.known) return unknown(`what ${path} is, is not known: ${found.why}`, ...found.because);
  if (found.value.presence === 'absent') return known(undefined);
  if (found.value.presence !== 'present')
    return unknown(`${path} may have been changed by a step that is not modelled`);
  if (found.value.type !== 'file') return known(undefined);
  const content = found.value.content?.();
  return known({
    path,
    mode: found.value.entry?.mode ?? found.value.attributes.mode,
    content,
    at: command.at,
    because: found.because,
  });
}

/** The program of a shell-form command that is only one plain command. */
function firstWord(text: string): string {
  const words = text.trim().replace(/^exec\s+/, '');
  return /^[\w./-]+(\s[^;&|<>()`$]*)?$/.test(words) ? (words.split(/\s/)[0] ?? '') : '';
}
