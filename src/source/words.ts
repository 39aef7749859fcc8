import type { Environment } from './program/value.ts';

/** One simple command of a script line: leading assignments, then words. Undefined where the line needs a real shell. */
export interface SimpleCommand {
  readonly assignments: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** `&&`, `||`, `;`, `|`, `&` that follows; empty at the end. */
  readonly then: string;
}

/** Splits a line such as those of package.json scripts at `&&`, `;` and the like, with quotes. Not a shell: anything beyond gives undefined. */
export function splitCommands(line: string): SimpleCommand[] | undefined {
  const out: SimpleCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const flush = (then: string) => {
    if (word !== undefined) words.push(word);
    word = undefined;
    const assignments = new Map<string, string>();
    while (words[0] !== undefined && /^[A-Za-z_]\w*=/.test(words[0])) {
      const at = words[0].indexOf('=');
      assignments.set(words[0].slice(0, at), words[0].slice(at + 1));
      words = words.slice(1);
    }
    if (words.length > 0 || assignments.size > 0) out.push({ assignments, words, then });
    words = [];
  };
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"') word = (word ?? '') + (line[++i] ?? '');
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === '\\') word = (word ?? '') + (line[++i] ?? '');
    else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (c === '\n') flush(';');
    } else if (c === '&' || c === '|' || c === ';') {
      const two = line[i + 1] === c;
      flush(two ? c + c : c);
      if (two) i++;
    } else if (c === '(' || c === ')' || c === '`' || (c === '$' && line[i + 1] === '(')) return undefined;
    else if (c === '>' || c === '<') {
      // A redirection: the operator and its file say nothing about what is started.
      if (word !== undefined && !/^\d$/.test(word)) words.push(word);
      word = undefined;
      while (/[>&<\s\d-]/.test(line[i + 1] ?? '')) i++;
      while (i + 1 < line.length && !/[\s;&|]/.test(line[i + 1] ?? '')) i++;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') return undefined;
  flush('');
  return out;
}

/** `$X`, `${X}`, `${X:-default}` and `${X-default}` filled in; undefined when a variable is not known or not set without default. */
export function expandWord(word: string, env: Environment): string | undefined {
  let missing = false;
  const text = word.replace(
    /\$(?:(\w+)|\{(\w+)(?:(:?-)([^}]*))?\})/g,
    (
      _,
      plain: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      standard: string | undefined,
    ) => {
      const fact = env.get(plain ?? braced ?? '');
      if (fact?.known && (fact.value !== '' || operator !== ':-')) return fact.value;
      if (fact && !fact.known) missing = true;
      if (operator === undefined) missing = true;
      return standard ?? '';
    },
  );
  return missing || text.includes('$(') || text.includes('`') ? undefined : text;
}

/** The value of an option in a vector: `--port 1`, `--port=1`, `-p 1`, `-p1`. The last one wins, as in every parser used here. */
export function optionOf(argv: readonly string[], ...names: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const [index, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) found = argv[index + 1] ?? found;
      else if (name.startsWith('--') && word.startsWith(`${name}=`)) found = word.slice(name.length + 1);
      else if (!name.startsWith('--') && word.startsWith(name) && word.length > name.length)
        found = word.slice(name.length).replace(/^=/, '');
    }
  }
  return found;
}
