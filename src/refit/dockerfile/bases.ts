import { lifetimesOf, supportedCycles } from '../../images/end-of-life.ts';
import { lookupImage } from '../../images/lookup.ts';

/** A base image as it was and as it shall be. */
export interface BaseChoice {
  readonly image: string;
  /** Why it is another one; absent when it is kept. */
  readonly why?: string;
}

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

/** Products whose release lines are known well enough to move an image to another one. */
const MOVED = new Set(['node', 'python']);

/** The same image on a supported release line. A tag that is supported (long-term support included), a digest, a foreign image:
 * kept. `accepts` says whether the application runs on a release line (its manifest's own words). */
export function supportedBase(
  reference: string,
  today: string,
  accepts: (line: string) => boolean = () => true,
): BaseChoice {
  const kept = { image: reference };
  const { name, tag, digest } = splitReference(reference);
  const product = officialName(name);
  if (!MOVED.has(product) || digest !== undefined) return kept;
  if (tag === undefined || tag === 'latest') {
    const goal = CURRENT[product] ?? '';
    return accepts(goal.split('-')[0] ?? '')
      ? { image: `${name}:${goal}`, why: 'the tag `latest` is another image every few weeks' }
      : kept;
  }
  const [, version = '', rest = ''] = /^(\d+(?:\.\d+)*)((?:-.*)?)$/.exec(tag) ?? [];
  const line = (product === 'node' ? /^\d+/ : /^\d+\.\d+/).exec(version)?.[0];
  if (line === undefined) return kept;
  const found = lookupImage(reference);
  const suite = found.known && found.value.release.known ? found.value.release.value : undefined;
  const ended = lifetimesOf(product, tag, suite, today).filter((item) => item.ended);
  const own = ended.find((item) => item.cycle === line);
  const [behind] = ended.filter((item) => item !== own);
  const goal = own === undefined ? line : nextLine(product, line, today, accepts);
  if (ended.length === 0 || goal === undefined) return kept;
  // An Alpine that has ended goes with its number: the tag without one is built on a current release.
  const named = /-(jessie|stretch|buster|bullseye|bookworm)/.test(rest);
  const plain = behind === undefined || (own !== undefined && !named);
  const variant = /alpine/.test(rest) ? '-alpine' : plain ? rest : onCurrentSuite(product, rest);
  const image = `${name}:${own === undefined ? version : goal}${variant}`;
  const why = (own === undefined ? [behind] : [own]).map(
    (item) => `${item?.product} ${item?.cycle} has had no fixes since ${item?.end}`,
  )[0];
  return why === undefined || image === reference ? kept : { image, why };
}

/** The nearest line above that has fixes for another year; failing that, any that still has some. */
function nextLine(
  product: string,
  line: string,
  today: string,
  accepts: (line: string) => boolean,
): string | undefined {
  const minor = (text: string): number => Number(text.split('.').at(-1));
  const later = supportedCycles(product, today).filter(
    ({ cycle }) => minor(cycle) > minor(line) && (product !== 'node' || minor(cycle) % 2 === 0) && accepts(cycle),
  );
  const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  return (later.find(({ end }) => end >= inAYear) ?? later[0])?.cycle;
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
