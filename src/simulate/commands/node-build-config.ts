import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, textAt } from './paths.ts';

const EXTENSIONS = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts'];

/** The names that a tool's config file may have. */
export const configNames = (stem: string): readonly string[] => EXTENSIONS.map((extension) => `${stem}.${extension}`);

/** Text of the first config file of a tool: `absent` when there certainly is none, undefined when it is not known. */
export function configOf(state: ImageState, at: string, names: readonly string[]): string | 'absent' | undefined {
  let unknown = false;
  for (const name of names) {
    const path = joinPath(at, name);
    const kind = kindAt(state, path);
    if (kind === 'absent') continue;
    const text = textAt(state, path);
    if (text !== undefined) return text;
    unknown = true;
  }
  return unknown ? undefined : 'absent';
}

/** The one literal that a config gives a key: `none` when the key does not occur, undefined when it is computed or given twice. */
export function literalOf(text: string, key: string): string | 'none' | undefined {
  const uses = text.match(new RegExp(`\\b${key}\\b`, 'g'))?.length ?? 0;
  if (uses === 0) return 'none';
  const found = new RegExp(`\\b${key}['"]?\\s*:\\s*(['"\`])([^'"\`$]+)\\1`).exec(text)?.[2];
  return uses === 1 ? found : undefined;
}
