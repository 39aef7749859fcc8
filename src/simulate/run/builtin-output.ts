import { known, unknown } from '../../facts/fact.ts';
import { knownWords } from '../command-model.ts';
import { type Builtin, ok } from './builtin-call.ts';
import { echoOutput, printfOutput } from './echo.ts';
import { print } from './shell-world.ts';

export const echo: Builtin = ({ args, shell, context, open }) => {
  open();
  if (!shell.out) return ok(shell);
  const words = knownWords({ argv: args });
  if (!words.known) return ok(print(shell, words));
  const text = echoOutput(words.value.slice(1), context.dialect);
  return ok(
    print(shell, text === undefined ? unknown('what echo prints depends on the shell') : known(text, ...words.because)),
  );
};

export const printf: Builtin = ({ args, shell, open }) => {
  open();
  if (!shell.out) return ok(shell);
  const words = knownWords({ argv: args });
  if (!words.known) return ok(print(shell, words));
  const text = printfOutput(words.value.slice(1));
  return ok(
    print(shell, text === undefined ? unknown('what printf prints is not computed') : known(text, ...words.because)),
  );
};
