import { type OfficialTag, officialTag } from './official.ts';
import type { ImageReference } from './reference.ts';
import { tagVersion } from './version.ts';

const DEBIAN: Readonly<Record<string, string>> = {
  '8': 'jessie',
  '9': 'stretch',
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
};
const UBUNTU: Readonly<Record<string, string>> = {
  '18.04': 'bionic',
  '19.10': 'eoan',
  '20.04': 'focal',
  '20.10': 'groovy',
  '21.04': 'hirsute',
  '21.10': 'impish',
  '22.04': 'jammy',
  '22.10': 'kinetic',
  '23.04': 'lunar',
  '23.10': 'mantic',
  '24.04': 'noble',
  '24.10': 'oracular',
  '26.04': 'resolute',
};
const NAMED =
  /(?:^|[-/.])(jessie|stretch|buster|bullseye|bookworm|trixie|forky|bionic|focal|groovy|hirsute|impish|jammy|kinetic|lunar|mantic|noble|oracular|resolute)(?=$|[-/.\d])/;
const DISTROLESS = /-debian(\d+)$/;

/** Last builds of lines that have ended and left the list, for tags that name the line only. Node kept the Debian that a line
 * was begun with (docker-node issues 1068 and 1785). */
const LAST_BUILDS: Readonly<Record<string, string>> = {
  'node 8': 'stretch',
  'node 10': 'stretch',
  'node 11': 'stretch',
  'node 12': 'stretch',
  'node 14': 'buster',
  'node 16': 'buster',
  'node 18': 'bookworm',
  'node 20': 'bookworm',
  'node 21': 'bookworm',
  'node 23': 'bookworm',
  'python 3.8': 'bookworm',
};

/** The last patch of a line of which it is certain that it was followed by another before Debian 11 came out (2021-08-14), by the release
 * dates in the products' changelogs. Node's even lines up to 16 kept what they had begun with. */
const BEFORE_BULLSEYE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  php: { '5.6': 99, '7.0': 99, '7.1': 99, '7.2': 99, '7.3': 28, '7.4': 21, '8.0': 8 },
  python: { '2.7': 99, '3.5': 99, '3.6': 13, '3.7': 10, '3.8': 10, '3.9': 5 },
  golang: { '1.12': 99, '1.13': 99, '1.14': 99, '1.15': 14, '1.16': 6 },
  ruby: { '2.4': 99, '2.5': 99, '2.6': 7, '2.7': 3, '3.0': 1 },
  nginx: { '1.18': 99, '1.19': 99, '1.20': 0, '1.21': 0 },
};

/** What an image stands on that is built no more. */
function lastBuild(name: string, version: string | undefined): string | undefined {
  const [line = '', patch] = /^(\d+\.\d+)(?:\.(\d+))?$/.exec(version ?? '')?.slice(1) ?? [];
  const node = name === 'node' ? /^(4|6|8|1[0-6])(?=\.|$)/.exec(version ?? '')?.[1] : undefined;
  if (node !== undefined)
    return LAST_BUILDS[`node ${node}`] === 'buster' && node === '16'
      ? 'buster'
      : (LAST_BUILDS[`node ${version}`] ?? OLDER);
  const last = BEFORE_BULLSEYE[name]?.[line];
  // A line without a patch is its last one, which came later unless the line had ended.
  const old = last !== undefined && (patch === undefined ? last === 99 : Number(patch) <= last);
  return old ? OLDER : LAST_BUILDS[`${name} ${version ?? ''}`];
}

/** Debian 10, 9 or 8: which of them, the tag does not tell. */
const OLDER = 'buster or older';

/** The release of the distribution behind a tag, or undefined where it cannot be told: a suite's name for Debian and Ubuntu,
 * a number for Alpine. `fallback` is the table's word for the tags of today. */
export function suiteOf(
  reference: ImageReference,
  distro: string | null,
  fallback: string | Readonly<Record<string, string>> | null,
): string | undefined {
  const tag = reference.tag ?? '';
  if (distro === 'alpine') return alpineRelease(reference, tag);
  if (distro === 'distroless') return DEBIAN[DISTROLESS.exec(reference.repository)?.[1] ?? ''];
  const named = NAMED.exec(tag)?.[1];
  if (named) return named;
  const number = tagVersion(tag);
  if (reference.name === 'debian' && number) return DEBIAN[number.split('.')[0] ?? ''];
  if (reference.name === 'ubuntu' && number) return UBUNTU[number];
  // A digest holds an older build perhaps: the tag beside it says nothing of what is built today.
  if (reference.digest !== undefined) return undefined;
  const entry = officialTag(reference.name, tag);
  if (entry) return suiteOfEntry(entry) ?? plainFallback(fallback, number);
  if (entry === null) return lastBuild(reference.name, number);
  return tag === 'latest' || tag === 'slim' ? plainFallback(fallback, undefined) : undefined;
}

function suiteOfEntry(entry: OfficialTag): string | undefined {
  for (const text of [...entry.tags, entry.directory]) {
    const suite = NAMED.exec(text)?.[1];
    if (suite) return suite;
  }
  return undefined;
}

function plainFallback(
  fallback: string | Readonly<Record<string, string>> | null,
  version: string | undefined,
): string | undefined {
  if (fallback === null) return undefined;
  return typeof fallback === 'string' ? fallback : fallback[version?.split('.')[0] ?? ''];
}

function alpineRelease(reference: ImageReference, tag: string): string | undefined {
  const written = /(?:^|-)alpine-?(\d+\.\d+)/.exec(tag)?.[1];
  if (written) return written;
  if (reference.name === 'alpine') {
    const own = /^v?(\d+\.\d+)/.exec(tag)?.[1];
    if (own) return own;
  }
  if (reference.digest !== undefined) return undefined;
  const entry = officialTag(reference.name, tag);
  if (!entry) return undefined;
  for (const text of [...entry.tags, entry.directory]) {
    const release =
      /alpine-?\/?(\d+\.\d+)/.exec(text)?.[1] ??
      (reference.name === 'alpine' ? /^(\d+\.\d+)$/.exec(text)?.[1] : undefined);
    if (release) return release;
  }
  return undefined;
}
