import { goQuote } from './go-text.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Go's `time.ParseDuration` (`1m30s`, `500ms`, `0`), in seconds; or its error. */
export function parseDuration(text: string): { readonly seconds: number } | { readonly error: string } {
  const invalid = { error: `time: invalid duration ${goQuote(text)}` };
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return { seconds: 0 };
  if (rest === '') return invalid;
  let seconds = 0;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return { error: `time: missing unit in duration ${goQuote(text)}` };
    const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (factor === undefined) return { error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    rest = rest.slice(unit.length);
    seconds += Number(number) * factor;
  }
  // A duration is a signed 64-bit number of nanoseconds.
  return seconds * 1e9 > 2 ** 63 ? invalid : { seconds: sign * seconds };
}
