import { atLeastOne, behindFirstWord, type Draft } from './build.ts';
import { commandOf } from './build-command.ts';
import { parseDuration } from './duration.ts';
import { flagNamed } from './flags.ts';
import { goQuote } from './go-text.ts';
import type { Refusal } from './instruction.ts';
import type { Flag } from './syntax.ts';
import type { Instruction } from './types.ts';

const INTERVALS = [
  ['interval', 'interval'],
  ['timeout', 'timeout'],
  ['startPeriod', 'start-period'],
  ['startInterval', 'start-interval'],
] as const;

export function buildHealthcheck(draft: Draft): Instruction | Refusal {
  const empty = atLeastOne(draft, 'HEALTHCHECK');
  if (empty !== undefined) return empty;
  const [kindWord, ...words] = draft.node.words;
  const kind = (kindWord?.text ?? '').toUpperCase();
  if (kind === 'NONE') {
    if (words.length > 0) return { error: 'HEALTHCHECK NONE takes no arguments' };
    return { ...draft.base, keyword: 'HEALTHCHECK', kind: 'none' };
  }
  if (draft.flagRefusal !== undefined) return draft.flagRefusal;
  if (kind !== 'CMD') {
    const error = `Unknown type ${goQuote(kind)} in HEALTHCHECK (try CMD)`;
    return kindWord === undefined ? { error } : { error, at: kindWord.span };
  }
  if (words.length === 0) return { error: 'Missing command after HEALTHCHECK CMD' };
  const options = optionsOf(draft.base.flags);
  if ('error' in options) return options;
  const command = commandOf(draft, behindFirstWord(draft), words);
  return { ...draft.base, keyword: 'HEALTHCHECK', kind: 'command', ...command, ...options };
}

interface Options {
  interval?: number;
  timeout?: number;
  startPeriod?: number;
  startInterval?: number;
  retries?: number;
}

function optionsOf(flags: readonly Flag[]): Options | Refusal {
  const options: Options = {};
  for (const [key, name] of INTERVALS) {
    const flag = flagNamed(flags, name);
    if (flag?.value === undefined || flag.value === '') continue;
    const duration = parseDuration(flag.value);
    if ('error' in duration) return { error: duration.error, at: flag.span };
    if (duration.seconds === 0) continue;
    if (duration.seconds < 0.001) {
      return { error: `Interval ${goQuote(name)} cannot be less than 1ms`, at: flag.span };
    }
    options[key] = duration.seconds;
  }
  const flag = flagNamed(flags, 'retries');
  if (flag?.value === undefined || flag.value === '') return options;
  const failed = (why: string): Refusal => ({
    error: `strconv.ParseInt: parsing ${goQuote(flag.value ?? '')}: ${why}`,
    at: flag.span,
  });
  if (!/^[+-]?[0-9]+$/.test(flag.value)) return failed('invalid syntax');
  const retries = Number(flag.value);
  if (retries > 2147483647 || retries < -2147483648) return failed('value out of range');
  if (retries < 0) return { error: `--retries cannot be negative (${retries})`, at: flag.span };
  return retries === 0 ? options : { ...options, retries };
}
