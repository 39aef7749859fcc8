/** Whether the newest version that a clause lets in is `from` or later, given that there is one: of pip (`>=1.2,<3`) or Poetry (`^1.2`).
 * Undefined where the clause is not read. */
export function reaches(clause: string, from: string): boolean | undefined {
  let reached = true;
  for (const part of clause.split(',').map((text) => text.trim())) {
    if (part === '' || part === '*') continue;
    const [, op = '', version = ''] =
      /^(===?|>=|<=|!=|~=|>|<|\^|~)?\s*v?(\d+(?:\.\d+)*)(?:\.\*|(?:a|b|rc|\.?post|\.?dev)\d+)?$/.exec(part) ?? [];
    if (version === '') return undefined;
    switch (op) {
      case '>=':
      case '>':
      case '!=':
        break;
      case '<':
        reached &&= compare(version, from) > 0;
        break;
      case '<=':
        reached &&= compare(version, from) >= 0;
        break;
      default:
        reached &&=
          compare(op === '==' || op === '===' || op === '' ? last(part, version) : above(op, version), from) > 0;
    }
  }
  return reached;
}

/** A bound that is just above the versions that an exact clause lets in. */
function last(part: string, version: string): string {
  return part.endsWith('.*') ? above('~', version) : `${version}.0.0.1`;
}

/** The first version that `^1.2`, `~1.2` or `~=1.2` does not let in any more. */
function above(op: string, version: string): string {
  const parts = version.split('.').map(Number);
  const caret = parts.findIndex((part) => part > 0);
  const keep =
    op === '^' ? (caret < 0 ? parts.length : caret + 1) : op === '~=' ? parts.length - 1 : Math.min(parts.length, 2);
  return parts
    .slice(0, Math.max(1, keep))
    .map((part, i, all) => (i === all.length - 1 ? part + 1 : part))
    .join('.');
}

/** Numbers of two versions, missing ones counting as 0. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
