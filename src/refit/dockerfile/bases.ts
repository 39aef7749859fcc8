/** A base image as it was and as it shall be. */
export interface BaseChoice {
  readonly image: string;
  /** Why it is another one; absent when it is kept. */
  readonly why?: string;
}

/** Last day of security fixes by release line. Source: endoflife.date data of 2026-08-22 (nodejs, python). */
const ENDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: {
    '14': '2023-04-30',
    '16': '2023-09-11',
    '17': '2022-06-01',
    '18': '2025-04-30',
    '19': '2023-06-01',
    '20': '2026-04-30',
    '21': '2024-06-01',
    '22': '2027-04-30',
    '23': '2025-06-01',
    '24': '2028-04-30',
  },
  python: {
    '3.8': '2024-10-07',
    '3.9': '2025-10-31',
    '3.10': '2026-10-31',
    '3.11': '2027-10-31',
    '3.12': '2028-10-31',
    '3.13': '2029-10-31',
    '3.14': '2030-10-31',
  },
};

/** Last day of regular security support. Source: endoflife.date data of 2026-08-22 (debian). */
const SUITE_ENDS: Readonly<Record<string, string>> = {
  stretch: '2020-07-18',
  buster: '2022-09-10',
  bullseye: '2024-08-14',
  bookworm: '2026-07-11',
  trixie: '2028-08-09',
};

/** What `latest` is replaced by: long-term support, not the newest. */
const CURRENT: Readonly<Record<string, string>> = { node: '24-trixie', python: '3.13' };

/** The parts of `registry/name:tag@digest`. */
export function splitReference(reference: string): {
  name: string;
  tag: string | undefined;
  digest: string | undefined;
} {
  const [rest = '', digest] = reference.split('@', 2);
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const name = colon === -1 ? rest : rest.slice(0, colon);
  return { name, tag: colon === -1 ? undefined : rest.slice(colon + 1), digest };
}

/** The name without the registry and namespace of official images. */
export function officialName(name: string): string {
  return name.replace(/^(docker\.io\/)?(library\/)?/, '');
}

/** The same image on a supported release line. A tag that is supported, a digest, a foreign image: kept.
 * `accepts` says whether the application runs on a release line (its manifest's own words). */
export function supportedBase(
  reference: string,
  today: string,
  accepts: (line: string) => boolean = () => true,
): BaseChoice {
  const { name, tag, digest } = splitReference(reference);
  const product = officialName(name);
  const ends = ENDS[product];
  if (ends === undefined || digest !== undefined) return { image: reference };
  const [, line = '', rest = ''] = /^(\d+(?:\.\d+)?)((?:[.-].*)?)$/.exec(tag ?? '') ?? [];
  const known = product === 'node' ? line.split('.')[0] : line;
  if (tag === undefined || tag === 'latest') {
    const goal = [CURRENT[product] ?? ''].find((tag) => accepts(tag.split('-')[0] ?? ''));
    return goal === undefined
      ? { image: reference }
      : { image: `${name}:${goal}`, why: 'the tag `latest` is another image every few weeks' };
  }
  const end = ends[known ?? ''];
  if (end === undefined) return { image: reference };
  const goal = end >= today ? known : nextLine(ends, product, known ?? '', today, accepts);
  if (goal === undefined) return { image: reference };
  const variant = /-.*$/.exec(rest)?.[0] ?? '';
  const suite = suiteOf(product, variant);
  const suiteEnded = suite !== undefined && (SUITE_ENDS[suite] ?? '9999') < today;
  if (goal === known && !suiteEnded) return { image: reference };
  const image = `${name}:${goal === known ? line : goal}${suiteEnded ? onCurrentSuite(product, variant) : variant.replace(/-alpine3\.\d+/, '-alpine')}`;
  const why =
    goal === known
      ? `Debian ${suite} has had no fixes since ${SUITE_ENDS[suite ?? '']}`
      : `${product} ${known} has had no fixes since ${end}`;
  return { image, why };
}

/** The nearest line above that has fixes for another year; failing that, any that still has some. */
function nextLine(
  ends: Readonly<Record<string, string>>,
  product: string,
  line: string,
  today: string,
  accepts: (line: string) => boolean,
): string | undefined {
  const minor = (text: string): number => Number(text.split('.').at(-1));
  const later = Object.keys(ends)
    .filter((item) => minor(item) > minor(line) && (product !== 'node' || minor(item) % 2 === 0) && accepts(item))
    .sort((a, b) => minor(a) - minor(b));
  const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  return later.find((item) => (ends[item] ?? '') >= inAYear) ?? later.find((item) => (ends[item] ?? '') > today);
}

/** The Debian release behind a tag; undefined for Alpine and for names that are not known here. */
function suiteOf(product: string, variant: string): string | undefined {
  if (/alpine|windows/.test(variant)) return undefined;
  const [named] = /buster|bullseye|bookworm|trixie|stretch/.exec(variant) ?? [];
  if (named !== undefined) return named;
  if (!/^(-slim)?$/.test(variant)) return undefined;
  return product === 'node' ? 'bookworm' : 'trixie';
}

/** Node writes `24-trixie-slim`; of Python the current suite is what a tag without one means. */
function onCurrentSuite(product: string, variant: string): string {
  const slim = /slim/.test(variant) ? '-slim' : '';
  return product === 'node' ? `-trixie${slim}` : slim;
}

/** The variant of an official image without compilers and documentation, for the stage that runs. */
export function slimVariant(reference: string): string {
  const { name, tag, digest } = splitReference(reference);
  if (digest !== undefined || tag === undefined || /slim|alpine/.test(tag)) return reference;
  if (!/^(node|python)$/.test(officialName(name))) return reference;
  return `${name}:${tag}-slim`;
}

/** The nginx image that runs without root, in the same variant. */
export function unprivilegedNginx(reference: string): BaseChoice | undefined {
  const { name, tag, digest } = splitReference(reference);
  if (officialName(name) === 'nginxinc/nginx-unprivileged') {
    return tag === undefined || tag === 'latest'
      ? { image: `${name}:stable`, why: 'the tag `latest` changes its release line without notice' }
      : { image: reference };
  }
  if (officialName(name) !== 'nginx' || digest !== undefined) return undefined;
  const slim = /-alpine-slim$/.test(tag ?? '') ? '-alpine-slim' : /alpine/.test(tag ?? '') ? '-alpine' : '';
  return {
    image: `nginxinc/nginx-unprivileged:stable${slim}`,
    why: 'the image of nginx that needs no root; `stable` is the release line that gets fixes, whatever its number',
  };
}
