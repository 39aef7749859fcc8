import { UNKNOWN_PART } from './shell-words.ts';

/** Options that decide what is built. */
const DECIDES = /^(?:-f|--file|--target|--build-context)(?:=|$)|^-f./;

/** The words that something which may have run put behind a list, as far as they count. Labels, tags and the like change nothing of
 * what is built; a build argument has no known value then; anything that may be a Dockerfile, a stage or a context makes
 * the whole list unknown. */
export function possibleWords(
  before: readonly string[],
  after: readonly string[] | undefined,
): readonly string[] | undefined {
  if (after === undefined || before.some((word, index) => after[index] !== word)) return undefined;
  const added = after.slice(before.length);
  const out: string[] = [];
  for (let i = 0; i < added.length; i++) {
    const word = added[i] ?? '';
    if (!word.startsWith('-') || word === '-' || DECIDES.test(word)) return undefined;
    if (word.startsWith('--build-arg=')) out.push(nameOnly(word));
    else if (word.includes('=')) continue;
    else if (word === '--build-arg') {
      const name = nameOnly(added[++i] ?? '');
      if (name !== '') out.push(word, name);
    } else if (added[i + 1]?.startsWith('-') === false) i++;
  }
  return out;
}

/** `--build-arg NAME` takes the value from the environment: not known. */
function nameOnly(word: string): string {
  const at = word.indexOf('=', word.startsWith('--') ? '--build-arg='.length : 0);
  const name = at === -1 ? word : word.slice(0, at);
  return name.replaceAll(UNKNOWN_PART, '');
}
