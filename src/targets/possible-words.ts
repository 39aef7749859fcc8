import { UNKNOWN_PART } from './shell-words.ts';

/** Options that decide what is built. */
const DECIDES = /^(?:-f|--file|--target|--build-context)(?:=|$)|^-f./;

/** A list of words after something that may have run and put more behind it. Labels, tags and the like change nothing of
 * what is built; a build argument has no known value then; anything that may be a Dockerfile, a stage or a context makes
 * the whole list unknown. */
export function withPossible(
  before: readonly string[],
  after: readonly string[] | undefined,
): readonly string[] | undefined {
  if (after === undefined || before.some((word, index) => after[index] !== word)) return undefined;
  const added = after.slice(before.length);
  const out = [...before];
  for (let i = 0; i < added.length; i++) {
    const word = added[i] ?? '';
    if (!word.startsWith('-') || word === '-' || DECIDES.test(word)) return undefined;
    if (word.startsWith('--build-arg=')) out.push(nameOnly(word));
    else if (word.includes('=')) continue;
    else if (word === '--build-arg') out.push(word, nameOnly(added[++i] ?? ''));
    else if (added[i + 1]?.startsWith('-') === false) i++;
  }
  return out;
}

/** `--build-arg NAME` takes the value from the environment: not known. */
function nameOnly(word: string): string {
  const at = word.indexOf('=', word.startsWith('--') ? '--build-arg='.length : 0);
  const name = at === -1 ? word : word.slice(0, at);
  return name.replaceAll(UNKNOWN_PART, '');
}
