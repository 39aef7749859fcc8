/** Tags that were taken away from their registry. */
export interface Withdrawn {
  readonly image: RegExp;
  readonly what: string;
  /** ISO date. */
  readonly since: string;
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

/** Says that an image as written cannot be pulled any more. A digest may still be there. */
export function withdrawn(image: string): Withdrawn | undefined {
  const name = image.replace(/^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/, '');
  return WITHDRAWN.find((entry) => entry.image.test(name));
}
