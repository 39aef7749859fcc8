import { goLower, goQuote, trimSpace } from './go-text.ts';
import type { AstNode, Dockerfile } from './types.ts';

/** The tree as BuildKit's parser dumps it, one S-expression a line. */
export function dumpAst(dockerfile: Pick<Dockerfile, 'nodes'>): string {
  return trimSpace(dockerfile.nodes.map((node) => `(${dumpNode(node)})\n`).join(''));
}

function dumpNode(node: AstNode): string {
  let out = goLower(node.value);
  if (node.flags.length > 0) out += ` [${node.flags.map((flag) => goQuote(flag.text)).join(' ')}]`;
  if (node.child !== undefined) out += ` (${dumpNode(node.child)})`;
  for (const word of node.words) out += ` ${goQuote(word.text)}`;
  return trimSpace(out);
}
