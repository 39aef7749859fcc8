/** The leading number of a tag: `3.12` of `3.12-slim`, `3.7` of `v3.7.1`, none of `alpine`. `python3.12-…` gives none. */
export function tagVersion(tag: string): string | undefined {
  return /^v?(\d+(?:\.\d+)*)(?![\w])/.exec(tag)?.[1] ?? /^v?(\d+(?:\.\d+)+)(?:rc|beta|alpha|b|a)\d*/.exec(tag)?.[1];
}

/** Compares dotted numbers as far as both go; undefined when they are equal that far and one is shorter (3 against 3.12). */
export function compareVersions(a: string, b: string): number | undefined {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < right.length; i++) {
    const mine = left[i];
    if (mine === undefined) return undefined;
    const difference = mine - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` is at least `bound`; undefined where the tag is too short to tell. */
export function atLeast(version: string | undefined, bound: string): boolean | undefined {
  if (version === undefined) return undefined;
  const order = compareVersions(version, bound);
  return order === undefined ? undefined : order >= 0;
}
