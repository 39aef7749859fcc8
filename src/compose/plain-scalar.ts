const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUE = new Set(['true', 'True', 'TRUE']);
const FALSE = new Set(['false', 'False', 'FALSE']);
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** The value of an unquoted YAML scalar as Compose's parser (go-yaml 3) resolves it: `yes` and `on` are strings, `0755` is octal. */
export function plainScalar(source: string): string | number | boolean | null {
  if (NULLS.has(source)) return null;
  if (TRUE.has(source)) return true;
  if (FALSE.has(source)) return false;
  const first = source.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) return source;
  const bare = source.replaceAll('_', '');
  const integer = wholeNumber(bare);
  if (integer !== undefined) return integer;
  if (FLOAT.test(source)) return Number(source);
  if (/^[-+]?\.(inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  return source;
}

function wholeNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (/^(0|[1-9][0-9]*)$/.test(digits)) return sign * Number(digits);
  if (/^0o?[0-7]+$/.test(digits)) return sign * Number.parseInt(digits.replace('o', ''), 8);
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return sign * Number.parseInt(digits.slice(2), 16);
  if (/^0[bB][01]+$/.test(digits)) return sign * Number.parseInt(digits.slice(2), 2);
  return undefined;
}
