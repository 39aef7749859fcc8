import { type Fact, known, type Presence, type Reason, unknown } from '../facts/fact.ts';
import type { SimulatedImage } from './image.ts';
import { joinPath } from './node.ts';

/** PATH of a process when the image sets none. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The directories searched for commands; unknown when PATH is. */
export function searchPath(state: SimulatedImage): Fact<readonly string[]> {
  const path = state.env.get('PATH');
  if (!path) return state.envOpen ? unknown('PATH of the base image is not known') : known(DEFAULT_PATH.split(':'));
  return path.known ? { ...path, value: path.value.split(':') } : path;
}

/** Where a command would be found: its path, `absent`, or unknown. */
export function findCommand(
  state: SimulatedImage,
  name: string,
  cwd = '/',
): Fact<{ presence: Presence; path?: string }> {
  if (name.includes('/')) return at(state, joinPath(cwd, name));
  const path = searchPath(state);
  if (!path.known) return path;
  const because: Reason[] = [...path.because];
  let open: Fact<never> | undefined;
  let assumed = false;
  for (const directory of path.value) {
    const found = at(state, joinPath(cwd, `${directory}/${name}`));
    if (!found.known) open ??= found;
    else if (found.value.presence === 'present') return found;
    else if (found.value.presence === 'assumed') {
      open = unknown('a command that is not modelled may have removed it', ...found.because);
      assumed = true;
    } else if (!because.some((reason) => found.because.includes(reason))) because.push(...found.because.slice(0, 2));
  }
  if (!open) return known({ presence: 'absent' as const }, ...because.slice(0, 6));
  // What was put there since is not in the base's table.
  return (assumed ? undefined : fromTable(state, name, path.value)) ?? open;
}

/** A base's table speaks where no path decides: unless something that is not modelled ran since. */
function fromTable(
  state: SimulatedImage,
  name: string,
  searched: readonly string[],
): Fact<{ presence: Presence }> | undefined {
  const table = state.baseCommands;
  const said = table?.commands.get(name);
  if (!table || !said?.known) return undefined;
  // Where a directory is known not to hold the name, what else came into it says nothing.
  const places = searched.map((directory) => ({ directory, found: state.tree.lookup(joinPath(directory, name)) }));
  const open = places.filter(({ found }) => !found.known || found.value.presence !== 'absent');
  const doubts = open.map(({ directory }) => state.tree.locate(directory, true).doubt);
  const doubt = doubts.find((item) => item && item.stamp > table.stamp);
  if (said.value === 'absent') {
    // What a line put into a searched directory may be this very command, unless it is known not to be there.
    const later = places.find(
      ({ found }) => !found.known && found.because.some((reason) => reason.kind === 'line'),
    )?.found;
    if (later !== undefined && !later.known) return later;
    const strange = open.some(
      ({ directory }) => !table.directories.includes(directory) && !state.tree.list(directory).known,
    );
    if (doubt) return unknown(doubt.reason.text, doubt.reason);
    return strange ? undefined : known({ presence: 'absent' as const }, ...said.because);
  }
  const presence: Presence = doubt ? 'assumed' : said.value;
  return known({ presence }, ...said.because, ...(doubt ? [doubt.reason] : []));
}

function at(state: SimulatedImage, path: string): Fact<{ presence: Presence; path?: string }> {
  const found = state.tree.lookup(path);
  if (!found.known) return found;
  const { presence, attributes, type } = found.value;
  if (presence === 'absent' || type === 'directory') return known({ presence: 'absent' as const }, ...found.because);
  if (attributes.mode !== undefined && (attributes.mode & 0o111) === 0) {
    return known({ presence: 'absent' as const }, ...found.because);
  }
  return known({ presence, path }, ...found.because);
}

/** Whether a command can be run. */
export function commandPresence(state: SimulatedImage, name: string): Fact<Presence> {
  const found = findCommand(state, name);
  return found.known ? { ...found, value: found.value.presence } : found;
}
