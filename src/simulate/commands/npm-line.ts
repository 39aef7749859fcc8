/** Verbs that install. */
export const NPM_INSTALL = /^(install|i|in|ins|inst|add|isntall)$/;

/** Options that take a value as the next word. */
const VALUED =
  /^(--prefix|-C|--workspace|-w|--registry|--omit|--include|--only|--loglevel|--cache|--fetch-\w+(-\w+)*|--maxsockets|--userconfig|--network-timeout|--script-shell|--location)$/;

/** An npm-like command line. */
export interface Line {
  readonly verb: string;
  readonly flags: readonly string[];
  readonly names: readonly string[];
  /** After `--`. */
  readonly after: readonly string[];
}

/** Splits an npm-like command line into verb, options and other words. */
export function splitLine(words: readonly string[], valued = VALUED): Line {
  const flags: string[] = [];
  const names: string[] = [];
  let after: readonly string[] = [];
  for (let i = 0; i < words.length; i++) {
    const text = words[i] ?? '';
    if (text === '--') {
      after = words.slice(i + 1);
      break;
    }
    if (!text.startsWith('-')) names.push(text);
    else {
      flags.push(text);
      if (valued.test(text)) flags.push(words[++i] ?? '');
    }
  }
  return { verb: names[0] ?? '', flags, names: names.slice(1), after };
}

/** The value of an option written as `--x y` or `--x=y`. */
export function flagValue(flags: readonly string[], ...spellings: readonly string[]): string | undefined {
  for (const [i, flag] of flags.entries()) {
    for (const spelling of spellings) {
      if (flag === spelling) return flags[i + 1];
      if (flag.startsWith(`${spelling}=`)) return flag.slice(spelling.length + 1);
    }
  }
  return undefined;
}

/** A word as a shell reads it back. */
export function quote(text: string): string {
  return /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
