/** An image reference taken apart, as far as tables need it. */
export interface ImageTag {
  /** Without docker.io/ and library/; other registries stay. */
  readonly repository: string;
  /** Undefined: given by digest only. `latest` when nothing is written. */
  readonly tag?: string;
  /** Leading number of the tag: 16 for `16.4-alpine`. Undefined for `latest`, `alpine`. */
  readonly major?: number;
  /** Leading two numbers as one to compare: 7.2 → 702. */
  readonly version?: number;
  readonly alpine: boolean;
}

/** Splits `registry/name:tag@digest`. */
export function parseImage(reference: string): ImageTag {
  const [named = ''] = reference.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const repository = name.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  const tag = colon >= 0 ? named.slice(colon + 1) : reference.includes('@') ? undefined : 'latest';
  const numbers = /^v?(\d+)(?:\.(\d+))?/.exec(tag ?? '') ?? /(?:^|-)v?(\d+)\.(\d+)/.exec(tag ?? '');
  const major = numbers?.[1] === undefined ? undefined : Number(numbers[1]);
  return {
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(major === undefined ? {} : { major, version: major * 100 + Number(numbers?.[2] ?? 0) }),
    alpine: /(^|-)alpine/.test(tag ?? ''),
  };
}
