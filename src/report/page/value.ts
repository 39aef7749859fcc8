import type { Entry } from '../../ledger/entry.ts';

/** A value with its unit as people read it; samples as median (min to max, n runs). */
export function formatValue(entry: Entry): string {
  const { value, unit, samples } = entry;
  if (value === undefined) return entry.text;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  const main = formatNumber(value, unit);
  if (samples === undefined || samples.length < 2) return main;
  return `${main} (${formatNumber(Math.min(...samples), unit)} to ${formatNumber(Math.max(...samples), unit)}, ${samples.length} runs)`;
}

/** Bytes in decimal megabytes as registries count them, seconds with the digits that mean something. */
export function formatNumber(value: number, unit: string | undefined): string {
  if (unit === 'bytes') {
    if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
    if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
    if (value >= 1e3) return `${(value / 1e3).toFixed(1)} kB`;
    return `${value} B`;
  }
  if (unit === 'seconds')
    return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} s`;
  const text = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit === undefined || unit === 'count' ? text : `${text} ${unit}`;
}
