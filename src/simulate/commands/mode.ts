import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { parseOptions, rest, word } from './options.ts';
import { kindAt, noSuchFile, pathOf } from './paths.ts';

/** The mode that a chmod expression makes of another, as POSIX says; undefined when it is not valid. `X` means executable for
 * directories and for files that somebody may execute already. */
export function parseMode(text: string, was: number, directory: boolean, umask: number): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    // GNU and BusyBox leave setuid and setgid of directories alone when a short number does not name them.
    return directory && text.length < 5 ? bits | (was & 0o6000) : bits & 0o7777;
  }
  let mode = was;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] === '' ? 'a' : (match[1] ?? 'a');
    const masked = match[1] === '' ? ~umask & 0o777 : 0o777;
    for (const [, operator = '', perms = ''] of (match[2] ?? '').matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
      mode = applyClause(mode, who, operator, perms, masked, directory);
    }
  }
  return mode;
}

const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

function applyClause(
  mode: number,
  who: string,
  operator: string,
  perms: string,
  masked: number,
  directory: boolean,
): number {
  let bits = 0;
  if (/^[ugo]$/.test(perms)) bits = (mode >> (SHIFT[perms] ?? 0)) & 7;
  else {
    if (perms.includes('r')) bits |= 4;
    if (perms.includes('w')) bits |= 2;
    if (perms.includes('x') || (perms.includes('X') && (directory || (mode & 0o111) !== 0))) bits |= 1;
  }
  const all = who.includes('a');
  let set = 0;
  let range = 0;
  for (const [letter, shift] of Object.entries(SHIFT)) {
    if (!all && !who.includes(letter)) continue;
    set |= bits << shift;
    range |= 7 << shift;
  }
  set &= masked;
  if (perms.includes('s')) set |= (all || who.includes('u') ? 0o4000 : 0) | (all || who.includes('g') ? 0o2000 : 0);
  if (perms.includes('t') && (all || who.includes('o') || who === 'a')) set |= 0o1000;
  if (operator === '+') return mode | set;
  if (operator === '-') return mode & ~set;
  return (mode & ~range) | set;
}

const SPEC = { flags: 'R recursive=R v verbose=v c changes=c f silent=f quiet=f', values: 'reference' };

/** chmod, numeric and symbolic. */
export const chmod: CommandModel = (call, state) => {
  const words = rest(call);
  // `chmod -x FILE` and `chmod -w FILE`: a mode that looks like an option.
  const at = words.findIndex((item) => /^-[rwxXst]+$/.test(word(item) ?? '') && !/^-R/.test(word(item) ?? ''));
  const mode = at === -1 ? undefined : word(words[at]);
  const options = parseOptions(at === -1 ? words : words.toSpliced(at, 1), SPEC);
  if (!options || options.has('reference')) return undefined;
  const expression = mode ?? word(options.operands[0]);
  const operands = mode === undefined ? options.operands.slice(1) : options.operands;
  if (expression === undefined || operands.length === 0) return undefined;
  if (parseMode(expression, 0, false, call.umask) === undefined) return undefined;
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const operand of operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    if (kindAt(result.state, path.value) === 'absent') {
      if (options.has('f')) continue;
      const text = `chmod stops: ${path.value} does not exist`;
      return failed(result.state, [noSuchFile(call, result.state, path.value, text, 'No such file or directory')], {
        repaired: result.state,
      });
    }
    result.chmod(
      path.value,
      (was) =>
        was.mode === undefined && !/^[0-7]+$/.test(expression)
          ? undefined
          : parseMode(expression, was.mode ?? 0, was.type === 'directory', call.umask),
      options.has('R'),
    );
    effects.push(`sets the mode of ${path.value} to ${expression}${options.has('R') ? ', recursively' : ''}`);
  }
  return succeeded(result.state, effects, options.has('v') || options.has('c') ? undefined : '');
};
