import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import { linePlace, type Place } from '../text/place.ts';
import { containerTree } from './image-source.ts';
import type { Service } from './types.ts';

/** A shell text that runs when the container starts: the words behind `sh -c`, or a script of the repository. */
export interface StartText {
  readonly text: string;
  /** The script; undefined: the text stands in a command. */
  readonly file?: string;
  /** Where an offset of the text stands; of a text in a command, where that stands. */
  place(offset: number): Place;
}

/** Everything a shell reads at the start of a service, in the order in which it runs. Unknown where a script that runs cannot be read. */
export function startTexts({ process, image, compose, stack }: Service): Fact<readonly StartText[]> {
  return chainFact(process, ({ argv, at }) =>
    chainFact(image, (state): Fact<readonly StartText[]> => {
      const tree = containerTree(state, compose, stack.repo);
      const cwd = compose.workingDir?.fact ?? state.workdir;
      const texts: StartText[] = [];
      for (const [index, word] of argv.entries()) {
        if (index > 0 && /^-\w*c$/.test(argv[index - 1] ?? '') && /sh$/.test(argv[index - 2] ?? '')) {
          texts.push({ text: word, place: () => at });
          continue;
        }
        const path = scriptPath(word, index, cwd.known ? cwd.value : undefined);
        if (path === undefined) continue;
        const found = path.flatMap((p) => (tree.look(p) === 'file' ? [p] : []))[0];
        if (found === undefined) {
          // The entrypoint of a base image is part of what is known of that image.
          const ofBase =
            compose.entrypoint === undefined && state.entrypoint.known && state.entrypoint.value?.at === undefined;
          if (index === 0 && !ofBase && path.some((p) => tree.look(p) === 'unknown') && word.endsWith('.sh'))
            return unknown(`what ${word} does is not known`);
          continue;
        }
        const text = tree.text(found);
        const file = tree.origin(found);
        if (text === undefined || !/^#!.*\b(?:ba|da|a)?sh\b/.test(text)) continue;
        texts.push({ text, file, place: placeIn(stack.repo, file, text) });
      }
      return known(texts);
    }),
  );
}

/** Where a word may lie that may be a script: a path, or a name without folder as the first word. */
function scriptPath(word: string, index: number, cwd: string | undefined): readonly string[] | undefined {
  if (word.startsWith('-') || /\s/.test(word)) return undefined;
  if (word.startsWith('/')) return [word];
  if (word.includes('/') || word.endsWith('.sh')) {
    const here = cwd === undefined ? [] : [`${cwd}/${word.replace(/^\.\//, '')}`];
    return word.includes('/') ? here : [...here, `/usr/local/bin/${word}`, `/usr/bin/${word}`];
  }
  return index === 0 ? [`/usr/local/bin/${word}`] : undefined;
}

function placeIn(repo: Repo, file: string, text: string): (offset: number) => Place {
  // A script that is written by the Dockerfile has no lines of its own in the repository.
  if (repo.text(file) !== text) return () => linePlace(file, 1);
  const lines = new LineIndex(text);
  return (offset) =>
    lines.place(file, {
      start: offset,
      end: text.indexOf('\n', offset) === -1 ? text.length : text.indexOf('\n', offset),
    });
}
