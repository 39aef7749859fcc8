import { GO_UNITS, readDuration } from '../text/go-duration.ts';

/** Compose knows days and weeks, too. */
const UNITS: Readonly<Record<string, number>> = { ...GO_UNITS, d: 86_400, w: 604_800 };

/** Seconds of a Compose duration (`1m30s`, `500ms`, `1d`). Undefined when it is none; a bare number has no unit and is none, except 0. */
export function durationSeconds(text: string): number | undefined {
  const read = readDuration(text, UNITS);
  return 'seconds' in read ? read.seconds : undefined;
}

/** Bytes of a Compose size (`512m`, `1.5g`, `64kb`, `1024`). Undefined when it is none. */
export function sizeBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  const match = /^(\d+(?:\.\d+)?) ?([bkmgtp]?)(?:i?b)?$/i.exec(value.trim());
  if (match === null) return value === '-1' ? -1 : undefined;
  const power = 'bkmgtp'.indexOf((match[2] === '' ? 'b' : (match[2] ?? 'b')).toLowerCase());
  return Math.trunc(Number(match[1]) * 1024 ** power);
}
