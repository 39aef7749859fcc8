/** Breaks text at spaces into lines of at most `width` characters; a longer word stands alone on its line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** `first` before the first line, spaces of the same width before the others. `firstWidth`: its width on screen. */
export function hang(first: string, firstWidth: number, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(firstWidth);
  return wrap(text, Math.max(20, width - firstWidth)).map((line, index) => (index === 0 ? first : indent) + line);
}

/** `1 finding`, `2 findings`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}
