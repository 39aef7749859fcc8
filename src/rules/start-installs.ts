import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';

/** Programs that bring Python packages, and scripts that are not read here. */
const INSTALLS =
  /\b(pip[\d.]*|pipx|uv|poetry|pipenv|pdm|rye|hatch|conda|mamba|micromamba|easy_install|apt|apt-get|apk|make)\b/;

/** Known: nothing that runs when a service starts installs Python packages before its code is loaded. */
export function nothingInstalledAtStart(service: Service): Fact<null> {
  return chainFact(service.process, ({ argv }) =>
    chainFact(service.startTexts, (texts): Fact<null> => {
      const words = argv.join(' ');
      // What `uv run` or `poetry run` starts is what follows; they install what a lock says.
      const at = [{ text: words, file: undefined }, ...texts].find(({ text }) => INSTALLS.test(bare(text)));
      if (at !== undefined) return unknown(`${at.file ?? 'the command'} may install more when it starts`);
      const more = texts.find(({ text }) =>
        /(^|\n)\s*(\.|source)\s|(^|[\s;&])(bash|sh)\s+\S|(^|\n)\s*(\.\/|\/)\S+\.sh\b/.test(text),
      );
      return more === undefined ? known(null) : unknown(`${more.file ?? 'the command'} runs further scripts`);
    }),
  );
}

/** Without comments and messages. */
function bare(text: string): string {
  return text.replace(/(^|\s)#[^\n]*/g, '').replace(/(^|\n)\s*(echo|printf)\b[^\n]*/g, '');
}
