/** Colours by meaning, so that the renderers name no terminal codes. */
export interface Paint {
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly place: (text: string) => string;
}

const plain = (text: string): string => text;
const sgr = (code: number, end: number) => (text: string) => `\u001b[${code}m${text}\u001b[${end}m`;

export const PLAIN: Paint = { bad: plain, warn: plain, good: plain, dim: plain, strong: plain, place: plain };

export const COLOURED: Paint = {
  bad: sgr(31, 39),
  warn: sgr(33, 39),
  good: sgr(32, 39),
  dim: sgr(2, 22),
  strong: sgr(1, 22),
  place: sgr(36, 39),
};
