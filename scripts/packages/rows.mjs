/** JSON with one row of a table a line, last in the file: `rowTable` (src/text/data.ts) finds a row without reading the others. */
export function withRows(head, key, rows) {
  const lines = Object.entries(rows).map(([name, row]) => `${JSON.stringify(name)}:${JSON.stringify(row)}`);
  return `${JSON.stringify(head).slice(0, -1)},\n${JSON.stringify(key)}:{\n${lines.join(',\n')}\n}}\n`;
}
