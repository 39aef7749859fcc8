/** What `echo` prints. BusyBox and Bash print backslashes as they are unless `-e` is given; dash interprets them always and
 * knows only `-n`. Undefined where it depends on which of them it is. */
export function echoOutput(
  words: readonly string[],
  dialect: 'dash' | 'bash' | 'busybox' | 'unknown',
): string | undefined {
  let escapes = dialect === 'dash';
  let newline = true;
  let first = 0;
  for (; first < words.length; first++) {
    const word = words[first] ?? '';
    if (!/^-[neE]+$/.test(word)) break;
    if (dialect === 'unknown') return undefined;
    if (dialect === 'dash' && word !== '-n') break;
    if (word.includes('n')) newline = false;
    if (dialect === 'dash') {
      first++;
      break;
    }
    for (const letter of word) if (letter === 'e' || letter === 'E') escapes = letter === 'e';
  }
  const text = words.slice(first).join(' ');
  if (dialect === 'unknown' && text.includes('\\')) return undefined;
  if (!escapes) return text + (newline ? '\n' : '');
  const end = text.search(/(?<!\\)(?:\\\\)*\\c/);
  const shown = end === -1 ? text : text.slice(0, text.indexOf('\\c', end));
  return readEscapes(shown) + (newline && end === -1 ? '\n' : '');
}

const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  e: '\x1b',
};

function readEscapes(text: string): string {
  return text.replace(/\\(0[0-7]{0,3}|x[0-9a-fA-F]{1,2}|[ntrabfve\\])/g, (_all, code: string) => {
    const letter = LETTERS[code];
    if (letter !== undefined) return letter;
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
  });
}

/** What `printf FORMAT WORDS…` prints, for `%s`, `%d`, `%b`, `%%` and plain text. Undefined for other formats. */
export function printfOutput(words: readonly string[]): string | undefined {
  const args = words[0] === '--' ? words.slice(1) : words;
  const [format, ...values] = args;
  if (format === undefined || format.startsWith('-')) return undefined;
  const directive = /%(%|s|d|b|c|q|[^a-zA-Z%]*[a-zA-Z])/g;
  const count = [...format.matchAll(directive)].filter((match) => match[1] !== '%').length;
  let out = '';
  let next = 0;
  let odd = false;
  do {
    out += readEscapes(
      format.replace(/\\"/g, '"').replace(directive, (_all, kind: string) => {
        if (kind === '%') return '%';
        const value = values[next++] ?? '';
        if (kind === 's') return value.replace(/\\/g, '\\\\');
        if (kind === 'b') return value;
        if (kind === 'd' && /^-?[0-9]*$/.test(value)) return value === '' ? '0' : value;
        odd = true;
        return '';
      }),
    );
    if (odd || out.length > 1_000_000) return undefined;
  } while (count > 0 && next < values.length);
  return out;
}
