import { goLower } from './go-text.ts';
import { didYouMean } from './suggest.ts';
import type { Flag } from './syntax.ts';
import type { Word } from './types.ts';

/** A flag as written, not judged yet. */
export function readFlag(word: Word): Flag {
  const equals = word.text.indexOf('=');
  const name = (equals === -1 ? word.text : word.text.slice(0, equals)).slice(2);
  if (equals === -1) return { name, span: word.span, valueSpan: { start: word.span.end, end: word.span.end } };
  // Quotes and escapes may lie in between: then the span of the value begins a little late, never outside the flag.
  const start = Math.min(word.span.end, word.span.start + equals + 1);
  return { name, value: word.text.slice(equals + 1), span: word.span, valueSpan: { start, end: word.span.end } };
}

export type FlagKind = 'bool' | 'string' | 'strings';
export type FlagSet = Readonly<Record<string, FlagKind>>;

/** Why BuildKit refuses the flags of an instruction; undefined when it takes them. */
export function flagProblem(flags: readonly Flag[], allowed: FlagSet): { error: string; at: Flag } | undefined {
  const used = new Set<string>();
  for (const flag of flags) {
    const shown = `--${flag.name}`;
    const kind = Object.hasOwn(allowed, flag.name) ? allowed[flag.name] : undefined;
    if (kind === undefined) {
      return { error: `unknown flag: ${shown}${didYouMean(flag.name, Object.keys(allowed), true)}`, at: flag };
    }
    if (used.has(flag.name) && kind !== 'strings') return { error: `duplicate flag specified: ${shown}`, at: flag };
    used.add(flag.name);
    if (kind !== 'bool') {
      if (flag.value === undefined) return { error: `missing a value on flag: ${shown}`, at: flag };
      continue;
    }
    if (flag.value === '') return { error: `missing a value on flag: ${shown}`, at: flag };
    if (!['true', 'false'].includes(goLower(flag.value ?? 'true'))) {
      return { error: `expecting boolean value for flag ${shown}, not: ${flag.value}`, at: flag };
    }
  }
  return undefined;
}

export function flagNamed(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.find((flag) => flag.name === name);
}

/** Undefined: not given. */
export function boolFlag(flags: readonly Flag[], name: string): boolean | undefined {
  const flag = flagNamed(flags, name);
  return flag === undefined ? undefined : goLower(flag.value ?? 'true') === 'true';
}
