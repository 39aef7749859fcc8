import { chainFact, type Fact, known, mapFact, type Reason, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import type { Command, ImageState } from '../simulate/state.ts';
import type { Place } from '../text/place.ts';
import { isWithin, mountTargets } from './container-path.ts';

/** The file that the kernel is asked to execute when a container starts. */
export interface FirstFile {
  readonly path: string;
  /** Permission bits and owner, where known. */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly content: string | undefined;
  /** The ENTRYPOINT, CMD or key of compose that names it. */
  readonly at: Place;
  readonly because: readonly Reason[];
}

/** Known undefined: the container starts with nothing that the Dockerfile or compose names by its path, or with a file that is
 * not there (another rule tells of that). Unknown where the base decides or the file cannot be seen. */
export function firstFile(service: Service): Fact<FirstFile | undefined> {
  if (service.target === undefined) return known(undefined);
  return chainFact(service.image, (image) =>
    chainFact(startOf(service, image), (command) => fileOf(service, image, command)),
  );
}

/** The entrypoint, or the command where there is none: compose's own takes the place of the image's. */
function startOf({ compose }: Service, image: ImageState): Fact<Command | null> {
  const given = (own: typeof compose.command): Fact<Command | null> | undefined =>
    own === undefined
      ? undefined
      : mapFact(own.fact, (argv) => (argv.length === 0 ? null : { form: 'exec', argv, at: own.at }));
  const entrypoint = given(compose.entrypoint) ?? image.entrypoint;
  // With an entrypoint of compose the image's CMD is not run.
  const command = given(compose.command) ?? (compose.entrypoint === undefined ? image.cmd : known(null));
  return chainFact(entrypoint, (entry): Fact<Command | null> => (entry === null ? command : known(entry)));
}

function fileOf(service: Service, { workdir, tree }: ImageState, command: Command | null): Fact<FirstFile | undefined> {
  // What the base starts with is the base's own.
  if (command?.at === undefined) return known(undefined);
  const [first = ''] = command.form === 'exec' ? command.argv : [firstWord(command.argv[0] ?? '')];
  if (!first.includes('/') || first.includes('$')) return known(undefined);
  const folder = service.compose.workingDir?.fact ?? workdir;
  if (!first.startsWith('/') && !folder.known) return folder;
  const path = first.startsWith('/') ? first : `${folder.known ? folder.value : ''}/${first.replace(/^\.\//, '')}`;
  if (mountTargets(service).some((target) => target === undefined || isWithin(path, target)))
    return unknown(`${path} may come from what is mounted there`);
  const found = tree.lookup(path);
  if (!found.known) return unknown(`what ${path} is, is not known: ${found.why}`, ...found.because);
  const { presence, type, entry, attributes } = found.value;
  if (presence === 'absent') return known(undefined);
  if (presence !== 'present') return unknown(`${path} may have been changed by a step that is not modelled`);
  if (type !== 'file') return known(undefined);
  return known({
    path,
    mode: entry?.mode ?? attributes.mode,
    uid: entry?.uid ?? attributes.uid,
    gid: entry?.gid ?? attributes.gid,
    content: found.value.content?.(),
    at: command.at,
    because: found.because,
  });
}

/** The program of a shell-form command that is only one plain command. */
function firstWord(text: string): string {
  const words = text.trim().replace(/^exec\s+/, '');
  return /^[\w./-]+(\s[^;&|<>()`$]*)?$/.test(words) ? (words.split(/\s/)[0] ?? '') : '';
}
