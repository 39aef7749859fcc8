/** Tags that cannot be pulled: taken away from their registry, or never there. */
export interface Withdrawn {
  readonly image: RegExp;
  readonly what: string;
  /** ISO date; absent where the tag never was. */
  readonly since?: string;
  readonly source: string;
}

const WITHDRAWN: readonly Withdrawn[] = [
  {
    // What is left there is `latest` of a few; everything else moved to bitnamilegacy and gets no more fixes.
    image: /^bitnami\/[a-z0-9-]+:(?!latest$|latest@)[\w.-]+$/,
    what: 'the tags with a version of bitnami/ were taken away; bitnamilegacy/ has them, without further fixes',
    since: '2025-09-29',
    source: 'github.com/bitnami/charts/issues/35164',
  },
  {
    // Left are full versions (17.0.2-jdk-slim, 8u342) and early access (25-ea). Bare numbers went, in every variant.
    image: /^openjdk:(?:[89]|1\d|2[0-5])(?:-(?!.*\b(?:ea|rc)\b)[\w.-]+)?$/,
    what: 'openjdk keeps only full versions (17.0.2-jdk-slim) and early access builds; eclipse-temurin is the image to take instead',
    since: '2025-11-03',
    source: 'github.com/docker-library/openjdk/pull/550',
  },
];

const HISTORY = 'git history of docker-library/official-images up to 2026-08-21';

/** Variants that people expect of an official image and that no list of its tags has ever had. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [
    /^(eclipse-temurin|golang|postgres|redis|mongo|mysql|php|rabbitmq|httpd|memcached|caddy|traefik):(?:[\w.-]+-)?slim$/,
    'slim',
  ],
  [/^nginx:(?!.*alpine)(?:[\w.-]+-)?slim$/, 'slim'],
  [/^(mongo|mysql|mariadb):(?:[\w.-]+-)?alpine[\d.]*$/, 'alpine'],
  [/^(node):[\w.-]*-slim-(?:bookworm|bullseye|trixie|alpine)$/, 'slim before the suite'],
  [/^(python|ruby|rust|golang):[\w.-]*(?:bookworm|bullseye|buster|trixie)-slim$/, 'slim after the suite'],
  [/^(python|node):[\w.-]*(?:alpine-slim|slim-alpine)$/, 'slim with alpine'],
  [/^(python):3\.1[2-9](?:\.\d+)?(?:-slim)?-buster$/, 'buster of this line'],
  [/^(eclipse-temurin):[\w.-]*-(?:bookworm|bullseye|buster)$/, 'Debian'],
];

/** Says that an image as written cannot be pulled any more. A digest may still be there. */
export function withdrawn(written: string): Withdrawn | undefined {
  const name = written.replace(/^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/, '');
  const gone = WITHDRAWN.find((entry) => entry.image.test(name));
  if (gone !== undefined) return gone;
  const [image, what] = NEVER.find(([pattern]) => pattern.test(name)) ?? [];
  return image === undefined
    ? undefined
    : { image, what: `${name.replace(/:.*/, '')} has never had such tags (${what})`, source: HISTORY };
}

/** `cannot be pulled since 2025-11-03`, `does not exist`. */
export function withdrawnText({ since }: Withdrawn): string {
  return since === undefined ? 'does not exist' : `cannot be pulled since ${since}`;
}
