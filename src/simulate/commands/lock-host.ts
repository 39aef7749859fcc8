import { type LockedUrl, npmUrls, yarnUrls } from '../../source/manifests/lock-hosts.ts';
import { privateHost } from '../../source/manifests/private-host.ts';
import { linePlace } from '../../text/place.ts';
import type { Call, Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { jsonAt } from './node-project.ts';
import { textAt } from './paths.ts';

/** The failure of an install that follows its lock file to a host that only the machine knows where it was written. npm puts its
 * own registry in the place of the public one alone (`replace-registry-host`, whose default is `npmjs`). */
export function lockHost(
  call: Call,
  state: ImageState,
  at: string,
  manager: 'npm' | 'yarn',
  omitsDev: boolean | undefined,
  flags: readonly string[],
): Failure | undefined {
  const file = joinPath(at, manager === 'npm' ? 'package-lock.json' : 'yarn.lock');
  const text = textAt(state, file);
  if (text === undefined || flags.some((flag) => /registry|offline/.test(flag)) || settled(call, state, at))
    return undefined;
  const lock = manager === 'npm' ? jsonAt(state, file) : undefined;
  const urls = manager === 'yarn' ? yarnUrls(text) : lock === undefined ? [] : npmUrls(lock, text);
  const lost = urls.filter((url) => !(url.dev && omitsDev !== false) && privateHost(url.host) !== undefined);
  const [first] = lost;
  if (first === undefined) return undefined;
  const found = state.tree.lookup(file);
  const source = found.known ? found.value.entry?.source : undefined;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return {
    kind: 'lockfile-host',
    at: call.at,
    subject: first.host,
    text: `${name} fetches ${describe(first, lost)} from ${first.host}, ${privateHost(first.host)}: ${call.name} stops`,
    because: [
      ...(source === undefined
        ? found.because
        : [
            {
              kind: 'source' as const,
              at: linePlace(source, first.line),
              text: `${first.name} is resolved to ${first.host}`,
            },
          ]),
      call.reason,
    ],
    says: first.host.replace(/:\d+$/, ''),
    detail: { path: file, host: first.host },
  };
}

function describe(first: LockedUrl, all: readonly LockedUrl[]): string {
  return all.length === 1 ? first.name : `${first.name} and ${all.length - 1} more`;
}

/** A registry, proxy or cache that is set may well be the way to such a host; so may a file whose text is not known. */
function settled(call: Call, state: ImageState, at: string): boolean {
  const home = call.env.get('HOME');
  const folders = [at, home?.known ? home.value : '/root', '/usr/local/etc', '/etc'];
  const files = folders.flatMap((folder) => ['.npmrc', '.yarnrc', 'npmrc'].map((name) => joinPath(folder, name)));
  return (
    files.some((file) => mayHold(state, file, /registry|proxy|offline/)) ||
    [...call.env.keys()].some((key) => /^(npm_config_|yarn_).*(registry|proxy)|^https?_proxy$/i.test(key))
  );
}

/** Base images of the catalogue set no registry: a file of theirs that is not listed is not there. */
function mayHold(state: ImageState, file: string, pattern: RegExp): boolean {
  const found = state.tree.lookup(file);
  if (!found.known) return !found.because.every((reason) => reason.kind === 'base-image');
  return found.value.presence !== 'absent' && pattern.test(found.value.content?.() ?? 'registry');
}
