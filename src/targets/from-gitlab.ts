import { at, entriesOf, itemsOf, type Node, textOf } from '../compose/node.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { placeInText, scalarText, yamlDocuments } from './yaml-file.ts';

/** Builds in the scripts of a GitLab (or other list-of-commands) pipeline. */
export function collectPipeline(collector: Collector, file: string): void {
  for (const root of yamlDocuments(collector.repo, file)) {
    const shared = variablesOf(at(root, 'variables'));
    for (const [job, entry] of entriesOf(root)) {
      const own = new Map([...shared, ...variablesOf(at(entry.value, 'variables'))]);
      for (const key of ['before_script', 'script', 'after_script'])
        collectScript(collector, job, at(entry.value, key), own);
    }
  }
}

function variablesOf(node: Node | undefined): ReadonlyMap<string, string> {
  return new Map(
    [...entriesOf(node)].flatMap(([name, entry]) => {
      const value = scalarText(entry.value) ?? scalarText(at(entry.value, 'value'));
      return value === undefined || value.includes('$') ? [] : [[name, value] as const];
    }),
  );
}

function collectScript(
  collector: Collector,
  job: string,
  node: Node | undefined,
  variables: ReadonlyMap<string, string>,
): void {
  const lines =
    node?.kind === 'seq'
      ? itemsOf(node).flatMap((item) => (item.kind === 'seq' ? item.items : [item]))
      : node === undefined
        ? []
        : [node];
  // The lines of a job share one shell: a `cd` holds for those after it.
  const parts = lines.flatMap((line) => {
    const text = textOf(line);
    return text === undefined ? [] : [{ line, text }];
  });
  const text = parts.map((part) => part.text).join('\n');
  collectCommands(collector, {
    source: 'gitlab-ci',
    name: job,
    text,
    placeOf: (offset) => {
      let rest = offset;
      for (const part of parts) {
        if (rest <= part.text.length) return placeInText(part.line, part.text)(rest);
        rest -= part.text.length + 1;
      }
      return node?.at ?? parts[0]?.line.at ?? { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
    },
    folders: [''],
    ownFolder: '',
    variables: new Map([...variables, ['CI_PROJECT_DIR', '.']]),
  });
}
