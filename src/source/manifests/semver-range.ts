interface Version {
  readonly numbers: readonly [number, number, number];
  /** `beta.1`; empty for a release. */
  readonly pre: string;
}

type Comparator = { readonly op: '<' | '<=' | '>' | '>=' | '='; readonly version: Version };

/** Whether a version satisfies a range as npm understands it; undefined for what is no range of versions (tags, URLs,
 * `workspace:`). See https://github.com/npm/node-semver#ranges. */
export function satisfies(version: string, range: string): boolean | undefined {
  const own = readVersion(version);
  if (own === undefined) return undefined;
  let some = false;
  for (const part of range.split('||')) {
    const comparators = readSet(part.trim());
    if (comparators === undefined) return undefined;
    some ||= holds(own, comparators);
  }
  return some;
}

function readVersion(text: string): Version | undefined {
  const match = /^[v=\s]*(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text.trim());
  if (!match) return undefined;
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], pre: match[4] ?? '' };
}

/** A version with parts left out: `1`, `1.x`, `*`. `given` counts the numbers that are there. */
function readPartial(text: string): (Version & { readonly given: number }) | undefined {
  const match = /^[v=]*(?:(\d+|[xX*])(?:\.(\d+|[xX*])(?:\.(\d+|[xX*])(?:-([\w.-]+))?(?:\+[\w.-]+)?)?)?)?$/.exec(text);
  if (!match) return undefined;
  const parts = [match[1], match[2], match[3]];
  const open = parts.findIndex((part) => part === undefined || /^[xX*]$/.test(part));
  const given = open === -1 ? 3 : open;
  const number = (i: number): number => (i < given ? Number(parts[i]) : 0);
  return { numbers: [number(0), number(1), number(2)], pre: given === 3 ? (match[4] ?? '') : '', given };
}

function readSet(text: string): readonly Comparator[] | undefined {
  const span = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  if (span) {
    const [from, to] = [readPartial(span[1] ?? ''), readPartial(span[2] ?? '')];
    if (from === undefined || to === undefined) return undefined;
    const end: readonly Comparator[] =
      to.given === 0 ? [] : to.given === 3 ? [{ op: '<=', version: to }] : [below(to, to.given - 1)];
    return [{ op: '>=', version: from }, ...end];
  }
  const words = text
    .replace(/([<>=~^]+)\s+/g, '$1')
    .split(/\s+/)
    .filter((word) => word !== '');
  const out: Comparator[] = [];
  for (const word of words.length === 0 ? ['*'] : words) {
    const found = readOne(word);
    if (found === undefined) return undefined;
    out.push(...found);
  }
  return out;
}

function readOne(word: string): readonly Comparator[] | undefined {
  const match = /^(\^|~>?|>=|<=|>|<|=)?(.*)$/.exec(word);
  const version = readPartial(match?.[2] ?? '');
  if (version === undefined) return undefined;
  const op = match?.[1] ?? '';
  const { given, numbers } = version;
  const from: Comparator = { op: '>=', version };
  if (given === 0) return op === '<' || op === '>' ? undefined : [];
  switch (op) {
    case '^': {
      // The first number that is not zero stays as it is; of numbers that are left out none is looked at.
      const fixed = numbers.findIndex((n, i) => n !== 0 || i === given - 1);
      return [from, below(version, fixed)];
    }
    case '~':
    case '~>':
      return [from, below(version, given === 1 ? 0 : 1)];
    case '>':
      return [given === 3 ? { op: '>', version } : { op: '>=', version: next(version, given - 1) }];
    case '<=':
      return [given === 3 ? { op: '<=', version } : below(version, given - 1)];
    case '>=':
      return [from];
    case '<':
      return [{ op: '<', version }];
    default:
      return given === 3 ? [{ op: '=', version }] : [from, below(version, given - 1)];
  }
}

function next({ numbers }: Version, index: number): Version {
  const raised = numbers.map((n, i) => (i < index ? n : i === index ? n + 1 : 0));
  return { numbers: [raised[0] ?? 0, raised[1] ?? 0, raised[2] ?? 0], pre: '' };
}

/** Below the next version of that part, and below its prereleases. */
function below(version: Version, index: number): Comparator {
  return { op: '<', version: { ...next(version, index), pre: '0' } };
}

function holds(version: Version, set: readonly Comparator[]): boolean {
  const fits = set.every(({ op, version: other }) => {
    const order = compare(version, other);
    return op === '='
      ? order === 0
      : op === '<'
        ? order < 0
        : op === '<='
          ? order <= 0
          : op === '>'
            ? order > 0
            : order >= 0;
  });
  // A prerelease is taken only where the range names one of the same numbers.
  return (
    fits &&
    (version.pre === '' ||
      set.some(
        ({ version: o }) => o.pre !== '' && o.pre !== '0' && o.numbers.every((n, i) => n === version.numbers[i]),
      ))
  );
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === '' || b.pre === '') return a.pre === '' ? 1 : -1;
  const [left, right] = [a.pre.split('.'), b.pre.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [numeric, other] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (numeric && other) return Number(x) - Number(y);
    if (numeric !== other) return numeric ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
