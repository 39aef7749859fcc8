/** A shell pattern (`*`, `?`, `[…]`) as a regular expression for whole strings. `names`: as in path names, where `*` and `?`
 * do not match `/`. Undefined for patterns that are not understood. */
export function patternRegExp(pattern: string, names = false): RegExp | undefined {
  let out = '';
  const any = names ? '[^/]' : '[\\s\\S]';
  let afterStar = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === '*') {
      if (!afterStar) out += `${any}*`;
      afterStar = true;
      continue;
    }
    afterStar = false;
    if (char === '?') out += any;
    else if (char === '\\') out += quoteRegExp(pattern[++i] ?? '\\');
    else if (char === '[') {
      const set = /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(i));
      if (!set) out += '\\[';
      else if ((set[2] ?? '').includes('[:')) return undefined;
      else {
        out += `[${set[1] ? '^' : ''}${(set[2] ?? '').replace(/[\\\]^[]/g, '\\$&')}]`;
        i += set[0].length - 1;
      }
    } else out += quoteRegExp(char);
  }
  try {
    return new RegExp(`^${out}$`, 's');
  } catch (error) {
    // `[z-a]` is an invalid range: the shell matches nothing, we do not claim to know.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function quoteRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A literal text as a pattern that matches only itself. */
export function quotePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}
