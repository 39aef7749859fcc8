/** Units of Go's `time.ParseDuration`, in seconds. */
export const GO_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Why a text is no duration: it is not made of numbers and units, a number has no unit, or one that is not known. */
export type DurationFault =
  | { readonly fault: 'invalid' | 'missing unit' }
  | { readonly fault: 'unknown unit'; readonly unit: string };

/** Reads a duration as Go writes them (`1m30s`, `-500ms`, `0`), in seconds. */
export function readDuration(
  text: string,
  units: Readonly<Record<string, number>> = GO_UNITS,
): { readonly seconds: number } | DurationFault {
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return { seconds: 0 };
  if (rest === '') return { fault: 'invalid' };
  let seconds = 0;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return { fault: 'invalid' };
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return { fault: 'missing unit' };
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (factor === undefined) return { fault: 'unknown unit', unit };
    rest = rest.slice(unit.length);
    seconds += Number(number) * factor;
  }
  // A duration is a signed 64-bit number of nanoseconds; the noise of binary fractions below one is removed.
  return seconds * 1e9 > 2 ** 63 ? { fault: 'invalid' } : { seconds: sign * Number(seconds.toFixed(9)) };
}
