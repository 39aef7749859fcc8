import { dataTable } from '../text/data.ts';
import { officialTag, officialTagsRead } from './official.ts';
import { compareVersions, tagVersion } from './version.ts';

type Cycle = readonly [cycle: string, end: string | boolean | null, latest: string | null, released: string | null];

interface EndTable {
  readonly source: string;
  readonly products: Readonly<Record<string, { readonly title: string; readonly cycles: readonly Cycle[] }>>;
}

/** The release cycle an image belongs to. */
export interface Lifetime {
  readonly product: string;
  readonly cycle: string;
  /** ISO date after which nothing is mended any more, long-term support included; undefined where none is set. */
  readonly end?: string;
  readonly ended: boolean;
  readonly latest?: string;
  readonly source: string;
}

const PRODUCTS: Readonly<Record<string, string>> = {
  node: 'nodejs',
  python: 'python',
  nginx: 'nginx',
  postgres: 'postgresql',
  redis: 'redis',
  'valkey/valkey': 'valkey',
  debian: 'debian',
  ubuntu: 'ubuntu',
  alpine: 'alpine-linux',
  golang: 'go',
  ruby: 'ruby',
  php: 'php',
  mysql: 'mysql',
  mariadb: 'mariadb',
  mongo: 'mongodb',
  rabbitmq: 'rabbitmq',
  traefik: 'traefik',
  haproxy: 'haproxy',
  elasticsearch: 'elasticsearch',
  'prom/prometheus': 'prometheus',
  'grafana/grafana': 'grafana',
  'grafana/loki': 'grafana-loki',
};

const SUITE_CYCLES: Readonly<Record<string, string>> = {
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  bionic: '18.04',
  focal: '20.04',
  jammy: '22.04',
  noble: '24.04',
};

/** Until when Debian's LTS team mends the releases that its security team has left; the free archive, not paid extensions.
 * Source: wiki.debian.org/LTS, 2026-07-03. */
const DEBIAN_LTS: Readonly<Record<string, string>> = {
  '9': '2022-06-30',
  '10': '2024-06-30',
  '11': '2026-08-31',
  '12': '2028-06-30',
  '13': '2030-06-30',
};

/** The cycle of a product that a version belongs to, and whether it has ended on `today` (ISO date). Undefined where the
 * product or the cycle is not in the table, or the version does not tell the cycle (`postgres:latest`). */
export function lifetime(product: string, version: string, today: string): Lifetime | undefined {
  const table = dataTable<EndTable>('images/end-of-life');
  const entry = Object.hasOwn(table.products, product) ? table.products[product] : undefined;
  const cycle = entry?.cycles.find(([name]) => compareVersions(version, name) === 0);
  if (!entry || !cycle) return undefined;
  const [name, end, latest] = cycle;
  const date = (product === 'debian' ? DEBIAN_LTS[name] : undefined) ?? (typeof end === 'string' ? end : undefined);
  return {
    product: entry.title,
    cycle: name,
    ...(date === undefined ? {} : { end: date }),
    ended: end === true || (date !== undefined && date < today),
    ...(latest === null ? {} : { latest }),
    source: table.source,
  };
}

/** Cycles of an official image's product that are out and not ended on `today`, oldest first, with their end: `['22', …]`. */
export function supportedCycles(
  name: string,
  today: string,
): readonly { readonly cycle: string; readonly end: string }[] {
  const product = PRODUCTS[name];
  const cycles =
    product === undefined ? [] : (dataTable<EndTable>('images/end-of-life').products[product]?.cycles ?? []);
  return cycles
    .flatMap(([cycle, end, , released]) =>
      typeof end === 'string' && end >= today && (released ?? '9999') <= today ? [{ cycle, end }] : [],
    )
    .reverse();
}

/** Lifetimes that bear on an image of this name, tag and suite: of its product first, then of the distribution behind it. */
export function lifetimesOf(name: string, tag: string, suite: string | undefined, today: string): readonly Lifetime[] {
  const product = PRODUCTS[name];
  const version = tagVersion(tag) ?? (name === 'debian' || name === 'ubuntu' ? SUITE_CYCLES[suite ?? ''] : undefined);
  const own = product && version !== undefined ? lifetime(product, version, today) : undefined;
  const cycle = SUITE_CYCLES[suite ?? ''];
  const distro = suite && /^\d+\./.test(suite) ? 'alpine-linux' : cycle?.includes('.') ? 'ubuntu' : 'debian';
  const release = cycle ?? (distro === 'alpine-linux' ? suite : undefined);
  const behind = release !== undefined && product !== distro ? lifetime(distro, release, today) : undefined;
  // A tag that is still built and does not name the release has moved on since the list of tags was read.
  const moved =
    behind?.ended === true &&
    suite !== undefined &&
    !tag.includes(suite) &&
    Boolean(officialTag(name, tag)) &&
    (behind.end ?? '') >= officialTagsRead();
  return [own, moved ? undefined : behind].filter((item) => item !== undefined);
}
