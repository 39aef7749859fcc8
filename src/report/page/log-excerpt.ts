/** The first and the last lines of a log, for a page: the command's start and what it ended with. */
export function excerpt(log: string | undefined, lines = 60): string | undefined {
  if (log === undefined) return undefined;
  const all = log
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .trimEnd()
    .split('\n')
    .map((l) => (l.length > 400 ? `${l.slice(0, 400)} …` : l));
  if (all.length <= lines) return all.join('\n');
  const head = all.slice(0, 10);
  const tail = all.slice(-(lines - 10));
  return [...head, `… ${all.length - lines} lines left out …`, ...tail].join('\n');
}
