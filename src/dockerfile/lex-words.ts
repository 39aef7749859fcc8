import { isSpace } from './go-text.ts';

/** BuildKit's lexer keeps one buffer for the words of all its levels: entering `${x:-` drops what the outer word had. */
export interface WordBuffer {
  text: string;
}

/** Collects words split at spaces. */
export class Words {
  readonly words: string[] = [];
  readonly #buffer: WordBuffer;
  #inWord = false;

  constructor(buffer: WordBuffer) {
    this.#buffer = buffer;
    buffer.text = '';
  }

  add(char: string): void {
    const space = isSpace(char.charCodeAt(0));
    if (!space) this.addRaw(char);
    else if (this.#inWord && this.#buffer.text !== '') {
      this.words.push(this.#buffer.text);
      this.#buffer.text = '';
      this.#inWord = false;
    }
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text[i] ?? '');
  }

  addRaw(text: string): void {
    this.#buffer.text += text;
    this.#inWord = true;
  }

  done(): readonly string[] {
    if (this.#buffer.text !== '') {
      this.words.push(this.#buffer.text);
      this.#buffer.text = '';
      this.#inWord = false;
    }
    return this.words;
  }
}
