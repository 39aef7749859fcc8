import type { CheckReport } from './report.ts';

/** `check --format json`: the stable, versioned contract. Times are left out, so the same input gives the same bytes. */
export function renderJson(report: CheckReport): string {
  const { milliseconds: _time, ...stats } = report.stats;
  return `${JSON.stringify({ ...report, stats }, null, 2)}\n`;
}
