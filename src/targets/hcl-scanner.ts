/** A position in HCL text, with blanks and comments understood. */
export class HclScanner {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text;
  }

  protected match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  protected skip(lines: boolean): void {
    const blank = lines
      ? /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
      : /(?:[^\S\n]|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
    this.match(blank);
  }

  protected nextLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end + 1;
  }

  /** Behind the next sign, or at the end. */
  protected toClose(close: string): void {
    const end = this.text.indexOf(close, this.at);
    this.at = end === -1 ? this.text.length : end + 1;
  }
}
