import { unknown } from '../../facts/fact.ts';
import { type Builtin, may, ok } from './builtin-call.ts';
import { setVariable, variable } from './shell-world.ts';

export const assign =
  (exported: boolean | undefined): Builtin =>
  ({ args, shell }) => {
    let next = shell;
    for (const { value, text } of args.slice(1)) {
      if (!value.known) {
        const name = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/.exec(text)?.[1];
        if (name === undefined) next = { ...next, open: true };
        else next = setVariable(next, name, value, exported);
        continue;
      }
      if (value.value.startsWith('-')) continue;
      const match = /^([A-Za-z_][A-Za-z0-9_]*)(\+?=)([\s\S]*)$/.exec(value.value);
      if (match) next = setVariable(next, match[1] ?? '', { ...value, value: match[3] ?? '' }, exported);
      else if (/^[A-Za-z_]\w*$/.test(value.value)) {
        const old = variable(next, value.value);
        if (old !== undefined) next = setVariable(next, value.value, old, exported);
      }
    }
    return ok(next);
  };

export const unset: Builtin = ({ args, shell }) => {
  let { variables, functions } = shell;
  for (const { value } of args.slice(1)) {
    if (!value.known) return ok({ ...shell, open: true });
    variables = variables.delete(value.value);
    functions = functions.delete(value.value);
  }
  return ok({ ...shell, variables, functions });
};

export const read: Builtin = ({ args, shell }) => {
  let next = shell;
  for (const { value } of args.slice(1)) {
    if (value.known && /^[A-Za-z_]\w*$/.test(value.value))
      next = setVariable(next, value.value, unknown('it is read from input'));
  }
  return may(next);
};
