import type { SyntaxNode } from '@lezer/common';

/** Children of a node that mean something: comments left out. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const name = child.name;
    if (name === 'Comment' || name === 'LineComment' || name === 'BlockComment') continue;
    out.push(child);
  }
  return out;
}

/** Splits the parts of an argument list or the like at commas, brackets left out. */
export function splitAtCommas(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const out: SyntaxNode[][] = [];
  let now: SyntaxNode[] = [];
  for (const part of parts) {
    if (part.name === ',') {
      out.push(now);
      now = [];
    } else if (!/^[()[\]{}]$/.test(part.name)) now.push(part);
  }
  if (now.length > 0) out.push(now);
  return out;
}
