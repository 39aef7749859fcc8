/** Splits a command given as one text the way Compose does (shell words, no expansion). Undefined when a quote is not closed. */
export function commandWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word = '';
  let started = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '\\' && quote !== "'" && i + 1 < text.length) {
      const next = text[++i] ?? '';
      word += quote === '"' && !'$`"\\\n'.includes(next) ? `\\${next}` : next === '\n' ? '' : next;
      started = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      started = true;
    } else if (/\s/.test(char)) {
      if (started) words.push(word);
      word = '';
      started = false;
    } else {
      word += char;
      started = true;
    }
  }
  if (quote !== '') return undefined;
  if (started) words.push(word);
  return words;
}
