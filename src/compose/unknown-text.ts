import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';

/** Why a variable's value is not known. */
export type UnknownKind = 'unset' | 'required' | 'by-design' | 'disputed' | 'remote';

const OPEN = '\u{E000}';
const CLOSE = '\u{E001}';
const MARK = /\u{E000}([a-z-]+):([^\u{E001}]*)\u{E001}/gu;

/** Stands in a text for the value of a variable that is not known, so that `${DIR:?}/data:/var/lib` still has a known target. */
export function unknownPart(kind: UnknownKind, name: string): string {
  return `${OPEN}${kind}:${name}${CLOSE}`;
}

export function hasUnknown(text: string): boolean {
  return text.includes(OPEN);
}

/** For people: unknown parts as `${NAME}`. */
export function displayText(text: string): string {
  return text.replace(MARK, (_all, _kind: string, name: string) => `\${${name}}`);
}

export function unknownNames(text: string): readonly { readonly kind: UnknownKind; readonly name: string }[] {
  return [...text.matchAll(MARK)].map((match) => ({ kind: match[1] as UnknownKind, name: match[2] ?? '' }));
}

const WHY: Readonly<Record<UnknownKind, (name: string) => string>> = {
  unset: (name) => `${name} is set by nothing in the repository`,
  required: (name) => `${name} is required and has no value in the repository`,
  'by-design': (name) => `${name} comes from an env file that is kept out of the repository on purpose`,
  disputed: (name) => `${name} has a default here and another value in the example of the env file`,
  remote: (name) => `${name} lies outside the repository`,
};

/** The text as a fact: unknown when a part of it is. */
export function textFact(text: string, because: readonly Reason[]): Fact<string> {
  if (!hasUnknown(text)) return known(text, ...because);
  const reasons = unknownNames(text).map(({ kind, name }) => WHY[kind](name));
  return unknown([...new Set(reasons)].join('; '), ...because);
}
