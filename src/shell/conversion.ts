import type { Bashism } from './ast.ts';

/** What conversion collects on its way. */
export interface Conversion {
  readonly text: string;
  readonly errors: { text: string; span: { start: number; end: number } }[];
  readonly bashisms: Bashism[];
  /** How deep the conversion is: a bound on recursion. */
  depth: number;
}

export function span(node: { readonly pos: number; readonly end: number }): { start: number; end: number } {
  return { start: node.pos, end: node.end };
}

export function note(
  conversion: Conversion,
  construct: Bashism['construct'],
  node: { readonly pos: number; readonly end: number },
): void {
  conversion.bashisms.push({ construct, span: span(node) });
}
