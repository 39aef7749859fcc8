import { known, unknown } from '../../facts/fact.ts';
import { type Arg, type Failure, knownWords } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { echoOutput, printfOutput } from './echo.ts';
import { failing, stopping } from './failing.ts';
import type { OpenStep, RunContext } from './run-context.ts';
import { type Flow, print, type Shell, setVariable, variable } from './shell-world.ts';
import { answered, testWords } from './test-command.ts';

/** A command that the shell itself runs. `open` makes its step. */
export interface BuiltinCall {
  readonly args: readonly Arg[];
  readonly shell: Shell;
  readonly context: RunContext;
  readonly open: (effects?: readonly string[], unmodelled?: string) => OpenStep;
}

type Builtin = (call: BuiltinCall) => Flow;

function ok(shell: Shell): Flow {
  return { success: { ...shell, status: 0 }, ended: [] };
}

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

/** Succeeds or fails, who knows. */
function may(success: Shell, failure: Shell = success): Flow {
  return { success: { ...success, status: 0 }, failure: { ...failure, status: undefined }, ended: [] };
}

const assign =
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

const unset: Builtin = ({ args, shell }) => {
  let { variables, functions } = shell;
  for (const { value } of args.slice(1)) {
    if (!value.known) return ok({ ...shell, open: true });
    variables = variables.delete(value.value);
    functions = functions.delete(value.value);
  }
  return ok({ ...shell, variables, functions });
};

const set: Builtin = ({ args, shell, context, open }) => {
  const options = { ...shell.options };
  for (let i = 1; i < args.length; i++) {
    const arg = args[i];
    if (!arg?.value.known) return ok({ ...shell, positional: unknown('set with words that are not known') });
    const word = arg.value.value;
    if (word === '--' || !/^[-+]./.test(word)) {
      const rest = args.slice(word === '--' ? i + 1 : i).map((item) => item.value);
      const values: string[] = [];
      for (const value of rest) {
        if (!value.known) return ok({ ...shell, options, positional: value });
        values.push(value.value);
      }
      return ok({ ...shell, options, positional: known(values) });
    }
    const on = word.startsWith('-');
    if (word.includes('e')) options.errexit = on;
    if (word.includes('u')) options.nounset = on;
    if (!word.includes('o')) continue;
    const next = args[++i]?.value;
    const name = next?.known ? next.value : undefined;
    if (name === 'pipefail') {
      const answer = knowsPipefail(shell, context);
      if (answer === false) {
        const failure: Failure = {
          kind: 'syntax',
          at: arg.at,
          subject: 'pipefail',
          text: 'the shell of the base image (dash before 0.5.13) does not know `pipefail` and stops',
          because: shell.image.bourneShell.because,
          says: 'Illegal option -o pipefail',
        };
        return stopping({ ...shell, options }, [failure], open(), 2, {
          ...shell,
          options: { ...options, pipefail: on },
        });
      }
      options.pipefail = on;
      if (answer === undefined) return may({ ...shell, options });
    } else if (name === 'errexit') options.errexit = on;
    else if (name === 'nounset') options.nounset = on;
  }
  return ok({ ...shell, options });
};

/** Debian's dash knows it from trixie on (0.5.12-12), Ubuntu's not yet in 24.04. */
function knowsPipefail(shell: Shell, context: RunContext): boolean | undefined {
  if (context.dialect === 'bash' || context.dialect === 'busybox') return true;
  const { distro } = shell.image;
  if (context.dialect !== 'dash' || !distro.known) return undefined;
  if (distro.value.id === 'debian') {
    if (/^(buster|bullseye|bookworm|stretch)$/.test(distro.value.release ?? '')) return false;
    return distro.value.release === 'trixie' ? true : undefined;
  }
  return undefined;
}

const exit: Builtin = ({ args, shell }) => {
  const code = args[1]?.value;
  const status = code === undefined ? shell.status : code.known ? Number(code.value) : undefined;
  const name = args[0]?.value.known && args[0].value.value === 'return' ? 'return' : 'exit';
  const kind = status === undefined ? 'unknown' : status === 0 ? 'zero' : 'nonzero';
  return { ended: [{ how: name, status: kind, shell: { ...shell, status } }] };
};

const test: Builtin = ({ args, shell, context, open }) => {
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

const echo: Builtin = ({ args, shell, context, open }) => {
  open();
  if (!shell.out) return ok(shell);
  const words = knownWords({ argv: args });
  if (!words.known) return ok(print(shell, words));
  const text = echoOutput(words.value.slice(1), context.dialect);
  return ok(
    print(shell, text === undefined ? unknown('what echo prints depends on the shell') : known(text, ...words.because)),
  );
};

const printf: Builtin = ({ args, shell, open }) => {
  open();
  if (!shell.out) return ok(shell);
  const words = knownWords({ argv: args });
  if (!words.known) return ok(print(shell, words));
  const text = printfOutput(words.value.slice(1));
  return ok(
    print(shell, text === undefined ? unknown('what printf prints is not computed') : known(text, ...words.because)),
  );
};

const shift: Builtin = ({ shell }) => {
  const all = shell.positional;
  return ok({ ...shell, positional: all.known ? { ...all, value: all.value.slice(1) } : all });
};

const umask: Builtin = ({ args, shell }) => {
  const value = args[1]?.value;
  if (value?.known && /^[0-7]{1,4}$/.test(value.value)) return ok({ ...shell, umask: Number.parseInt(value.value, 8) });
  return ok(shell);
};

const read: Builtin = ({ args, shell }) => {
  let next = shell;
  for (const { value } of args.slice(1)) {
    if (value.known && /^[A-Za-z_]\w*$/.test(value.value))
      next = setVariable(next, value.value, unknown('it is read from input'));
  }
  return may(next);
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
