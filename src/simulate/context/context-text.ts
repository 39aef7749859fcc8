import type { ContextDiff, ContextReport } from './context-report.ts';

/** `12.3 kB`: decimal units, as engines print sizes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** The report as people read it; each list is cut to `limit` lines and says what is left. */
export function contextText(report: ContextReport, limit = 10): string {
  const out: string[] = [];
  if (report.unknown !== undefined) return `context of ${report.dockerfile}: not known, ${report.unknown}\n`;
  const ignore = report.ignoreFile === undefined ? 'no ignore file' : `ignore file ${report.ignoreFile}`;
  out.push(`context ${report.context} of ${report.dockerfile} (${ignore})`);
  if (report.shadowed !== undefined) out.push(`  ${report.shadowed} has no effect here`);
  for (const problem of report.problems) out.push(`  ${report.ignoreFile}:${problem.line}  ${problem.text}`);
  out.push(`  would send ${count(report.files, 'file')}, ${formatBytes(report.bytes)}`);
  section(out, 'biggest folders', report.folders, limit, (folder) =>
    row(
      formatBytes(folder.bytes),
      folder.path === '.' ? '(files in the context itself)' : `${folder.path}/`,
      count(folder.files, 'file'),
    ),
  );
  section(out, 'biggest files', report.largest, limit, (file) => row(formatBytes(file.bytes), file.path));
  section(out, 'looks secret', report.secrets, limit, (secret) => `    ${secret.path}: ${secret.why}`);
  section(out, 'only on this machine (git does not have it)', report.localOnly, limit, (path) => `    ${path}`);
  section(out, 'left out', report.excluded, limit, (entry) => {
    const name = entry.directory ? `${entry.path}/` : entry.path;
    return `    ${name}  by ${entry.pattern} (${entry.file}:${entry.line})`;
  });
  section(
    out,
    'patterns that match nothing',
    report.unusedPatterns,
    limit,
    (one) => `    ${one.pattern} (${one.file}:${one.line})`,
  );
  return `${out.join('\n')}\n`;
}

function section<T>(out: string[], title: string, items: readonly T[], limit: number, line: (item: T) => string): void {
  if (items.length === 0) return;
  out.push(`  ${title}`);
  for (const item of items.slice(0, limit)) out.push(line(item));
  if (items.length > limit) out.push(`    … and ${items.length - limit} more`);
}

function row(size: string, name: string, note = ''): string {
  return `    ${size.padStart(8)}  ${name}${note === '' ? '' : `  ${note}`}`;
}

export function contextDiffText(diff: ContextDiff, limit = 20): string {
  const out = [
    `${formatBytes(diff.bytesBefore)} in ${count(diff.filesBefore, 'file')} before, ` +
      `${formatBytes(diff.bytesAfter)} in ${count(diff.filesAfter, 'file')} after`,
  ];
  section(out, 'no longer sent', diff.removed, limit, (file) => row(formatBytes(file.bytes), file.path));
  section(out, 'now sent', diff.added, limit, (file) => row(formatBytes(file.bytes), file.path));
  return `${out.join('\n')}\n`;
}
