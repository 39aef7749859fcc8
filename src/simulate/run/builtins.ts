import { known, unknown } from '../../facts/fact.ts';
import type { Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { type Builtin, may, ok } from './builtin-call.ts';
import { echo, printf } from './builtin-output.ts';
import { set } from './builtin-set.ts';
import { assign, read, unset } from './builtin-variables.ts';
import { failing } from './failing.ts';
import { print, variable } from './shell-world.ts';
import { answered, testWords } from './test-command.ts';

const cd: Builtin = ({ args, shell, context, open }) => {
  const operands = args.slice(1).filter((arg) => !(arg.value.known && /^-[LPe]$/.test(arg.value.value)));
  const target = operands[0]?.value ?? variable(shell, 'HOME') ?? unknown('HOME is not set');
  open();
  if (!target.known || operands.length > 1) return may({ ...shell, cwd: unknown('cd to a folder that is not known') });
  if (target.value === '-') return ok({ ...shell, cwd: unknown('cd - goes to wherever the shell was before') });
  if (!shell.cwd.known && !target.value.startsWith('/')) return may({ ...shell, cwd: shell.cwd });
  const path = joinPath(shell.cwd.known ? shell.cwd.value : '/', target.value);
  const there = { ...shell, cwd: known(path) };
  const found = shell.image.tree.lookup(path);
  const absent = found.known && found.value.presence === 'absent';
  if (!found.known || (!absent && (found.value.presence === 'assumed' || found.value.type === undefined))) {
    return may(there, shell);
  }
  if (found.value.presence === 'present' && found.value.type === 'directory') return ok(there);
  const place = args[0]?.at ?? context.place({ start: 0, end: 0 });
  const failure: Failure = {
    kind: 'file-missing',
    at: place,
    subject: path,
    text: `cd fails: there is no folder ${path}`,
    because: found.because,
    says: context.dialect === 'bash' ? 'No such file or directory' : "can't cd to",
  };
  return failing(shell, [failure], open(), context.dialect === 'dash' ? 2 : 1, there);
};

const exit: Builtin = ({ args, shell }) => {
  const code = args[1]?.value;
  const status = code === undefined ? shell.status : code.known ? Number(code.value) : undefined;
  const name = args[0]?.value.known && args[0].value.value === 'return' ? 'return' : 'exit';
  const kind = status === undefined ? 'unknown' : status === 0 ? 'zero' : 'nonzero';
  return { ended: [{ how: name, status: kind, shell: { ...shell, status } }] };
};

export const test: Builtin = ({ args, shell, context, open }) => {
  let words = args.slice(1);
  if (args[0]?.value.known && args[0].value.value === '[') {
    const last = words.at(-1);
    if (!last?.value.known || last.value.value !== ']') return may(shell);
    words = words.slice(0, -1);
  }
  open();
  if (words.some((word) => word.many)) return may(shell);
  return answered(
    shell,
    testWords(
      words.map((word) => word.value),
      shell,
      context.dialect,
    ),
  );
};

const shift: Builtin = ({ args, shell }) => {
  const all = shell.positional;
  const count = args[1] === undefined ? known('1') : args[1].value;
  if (!count.known || !/^\d+$/.test(count.value))
    return ok({ ...shell, positional: unknown('shift by how many is not known') });
  return ok({ ...shell, positional: all.known ? { ...all, value: all.value.slice(Number(count.value)) } : all });
};

const umask: Builtin = ({ args, shell }) => {
  const value = args[1]?.value;
  if (value?.known && /^[0-7]{1,4}$/.test(value.value)) return ok({ ...shell, umask: Number.parseInt(value.value, 8) });
  return ok(shell);
};

const loop =
  (how: 'break' | 'continue'): Builtin =>
  ({ shell }) => ({ ended: [{ how, status: 'zero', shell }] });

/** Commands that are part of the shell. `undefined` as a value: nothing to do. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['cd', cd],
  ['export', assign(true)],
  ['readonly', assign(undefined)],
  ['local', assign(undefined)],
  ['declare', assign(undefined)],
  ['typeset', assign(undefined)],
  ['unset', unset],
  ['set', set],
  ['exit', exit],
  ['return', exit],
  ['test', test],
  ['[', test],
  ['echo', echo],
  ['printf', printf],
  ['pwd', ({ shell }) => ok(print(shell, shell.cwd.known ? known(`${shell.cwd.value}\n`) : shell.cwd))],
  [':', ({ shell }) => ok(shell)],
  ['true', ({ shell }) => ok(shell)],
  ['false', ({ shell, open }) => failing(shell, [], open(), 1)],
  ['shift', shift],
  ['umask', umask],
  ['read', read],
  ['break', loop('break')],
  ['continue', loop('continue')],
  ['trap', ({ shell }) => ok(shell)],
  ['ulimit', ({ shell }) => ok(shell)],
  ['wait', ({ shell }) => ok(shell)],
  ['hash', ({ shell }) => ok(shell)],
  ['alias', ({ shell }) => ok(shell)],
  ['shopt', ({ shell }) => may(shell)],
  ['let', ({ shell }) => may({ ...shell, open: true })],
  ['getopts', ({ shell }) => may({ ...shell, open: true })],
]);
