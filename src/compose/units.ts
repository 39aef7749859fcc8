const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** Seconds of a Compose duration (`1m30s`, `500ms`, `1d`). Undefined when it is none; a bare number has no unit and is none, except 0. */
export function durationSeconds(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.replace(/^[-+]/, '')) return undefined;
  let seconds = 0;
  for (const part of parts) seconds += Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0);
  // Removes the noise of binary fractions below a nanosecond.
  const exact = Number(seconds.toFixed(9));
  return text.startsWith('-') ? -exact : exact;
}

/** Bytes of a Compose size (`512m`, `1.5g`, `64kb`, `1024`). Undefined when it is none. */
export function sizeBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  const match = /^(\d+(?:\.\d+)?) ?([bkmgtp]?)(?:i?b)?$/i.exec(value.trim());
  if (match === null) return value === '-1' ? -1 : undefined;
  const power = 'bkmgtp'.indexOf((match[2] === '' ? 'b' : (match[2] ?? 'b')).toLowerCase());
  return Math.trunc(Number(match[1]) * 1024 ** power);
}
