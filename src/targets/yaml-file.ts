import { type Node, textOf } from '../compose/node.ts';
import { yamlOf } from '../compose/repo-yaml.ts';
import type { Repo } from '../repo/repo.ts';
import type { Place } from '../text/place.ts';

/** The documents of a YAML (or JSON) file; empty when it cannot be read. */
export function yamlDocuments(repo: Repo, file: string): readonly Node[] {
  if ((repo.text(file)?.length ?? 0) > 2_000_000) return [];
  return (yamlOf(repo, file)?.documents ?? []).map((document) => document.root);
}

/** The place of a line inside a text value: block texts begin on the line after their sign. */
export function placeInText(node: Node, text: string): (offset: number) => Place {
  const block = text.includes('\n');
  return (offset) => {
    const line = node.at.line + (block ? 1 : 0) + (text.slice(0, offset).match(/\n/g)?.length ?? 0);
    return block ? { file: node.at.file, line, column: 1, endLine: line, endColumn: 1 } : node.at;
  };
}

/** The text of a scalar, numbers and booleans too. */
export function scalarText(node: Node | undefined): string | undefined {
  const text = textOf(node);
  return text ?? (node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined);
}
