import { at, entriesOf, itemsOf, type Node, textOf } from '../compose/node.ts';
import { joinRepoPath } from '../compose/repo-path.ts';
import type { Repo } from '../repo/repo.ts';
import type { Collector } from './command-requests.ts';
import { type ExpressionScope, expandExpression } from './workflow-expression.ts';
import { matrixRows } from './workflow-matrix.ts';
import { readStep } from './workflow-steps.ts';
import { scalarText, yamlDocuments } from './yaml-file.ts';

/** How deep workflows call one another; GitHub allows four. */
const MAX_CALLS = 4;

/** Builds in a GitHub workflow or a composite action. One that others of the repository call is read with what they give it. */
export function collectWorkflow(collector: Collector, file: string, calls: LocalCalls): void {
  const starts = /^(?:on:.*| {2,4}|\s*- )(?:push|pull_request|schedule|workflow_dispatch|release)\b/m;
  if (!calls.called.has(file) || starts.test(collector.repo.text(file) ?? '')) readFile(collector, file, new Map(), 0);
}

/** Workflows and actions that others call by their path. */
export interface LocalCalls {
  readonly called: ReadonlySet<string>;
}

/** Finds `uses: ./…` of the files given. */
export function localCalls(repo: Repo, files: readonly string[]): LocalCalls {
  const called = new Set<string>();
  for (const file of files)
    for (const match of (repo.text(file) ?? '').matchAll(/\buses:\s*['"]?(\.\/[^\s'"#]+)/g)) {
      const path = calledFile(repo, match[1] ?? '');
      if (path !== undefined && path !== file) called.add(path);
    }
  return { called };
}

function calledFile(repo: Repo, uses: string): string | undefined {
  const path = joinRepoPath('', uses);
  return path === undefined
    ? undefined
    : [path, `${path}/action.yml`, `${path}/action.yaml`].find((name) => repo.entry(name)?.type === 'file');
}

function readFile(
  collector: Collector,
  file: string,
  given: ExpressionScope,
  depth: number,
  hidden: ReadonlySet<string> = new Set(),
): void {
  for (const root of yamlDocuments(collector.repo, file)) {
    const shared = environment(
      at(root, 'env'),
      new Map([...[...defaultInputs(root)].filter(([name]) => !hidden.has(name)), ...given]),
    );
    const folder = scalarText(at(root, 'defaults', 'run', 'working-directory'));
    for (const [job, entry] of entriesOf(at(root, 'jobs'))) {
      const scope = environment(at(entry.value, 'env'), shared);
      const own = scalarText(at(entry.value, 'defaults', 'run', 'working-directory')) ?? folder;
      for (const row of matrixRows(at(entry.value, 'strategy', 'matrix'))) {
        const inner = new Map([...scope, ...row]);
        follow(collector, entry.value, inner, depth);
        for (const node of itemsOf(at(entry.value, 'steps'))) {
          const step = { node, job, scope: environment(at(node, 'env'), inner), folder: own };
          readStep(collector, step);
          follow(collector, node, step.scope, depth);
        }
      }
    }
    for (const node of itemsOf(at(root, 'runs', 'steps'))) {
      readStep(collector, { node, job: 'action', scope: shared, folder });
      follow(collector, node, shared, depth);
    }
  }
}

/** What `uses: ./…` calls, with the inputs that are known here. */
function follow(collector: Collector, node: Node, scope: ExpressionScope, depth: number): void {
  const uses = textOf(at(node, 'uses'));
  const file = uses?.startsWith('./') === true ? calledFile(collector.repo, uses) : undefined;
  if (file === undefined || depth >= MAX_CALLS) return;
  const given = new Map<string, string>();
  const hidden = new Set<string>();
  for (const [name, entry] of entriesOf(at(node, 'with'))) {
    const text = scalarText(entry.value);
    const value = text === undefined ? undefined : expandExpression(text, scope);
    if (value === undefined) hidden.add(`inputs.${name}`);
    else given.set(`inputs.${name}`, value);
  }
  readFile(collector, file, given, depth + 1, hidden);
}

/** The defaults of the inputs of a workflow or action. */
function defaultInputs(root: Node): ExpressionScope {
  const out = new Map<string, string>();
  const places = [
    at(root, 'inputs'),
    at(root, 'on', 'workflow_call', 'inputs'),
    at(root, 'on', 'workflow_dispatch', 'inputs'),
  ];
  for (const [name, entry] of places.flatMap((place) => [...entriesOf(place)])) {
    const value = scalarText(at(entry.value, 'default'));
    if (value !== undefined) out.set(`inputs.${name}`, value);
  }
  return out;
}

function environment(node: Node | undefined, before: ExpressionScope): ExpressionScope {
  const out = new Map(before);
  for (const [name, entry] of entriesOf(node)) {
    const text = scalarText(entry.value);
    const value = text === undefined ? undefined : expandExpression(text, out);
    if (value === undefined) out.delete(`env.${name}`);
    else out.set(`env.${name}`, value);
  }
  return out;
}
