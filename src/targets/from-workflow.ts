import { at, entriesOf, itemsOf, type Node, textOf } from '../compose/node.ts';
import { joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { contextFacts, isRemote } from './build-facts.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { patternBuilds } from './pattern-builds.ts';
import { isDevelopment } from './purpose.ts';
import { UNKNOWN_PART } from './shell-words.ts';
import { type ExpressionScope, expandExpression, expandForShell } from './workflow-expression.ts';
import { placeInText, scalarText, yamlDocuments } from './yaml-file.ts';

const MAX_COMBINATIONS = 100;
/** Every step that builds names one of these, and most workflows build nothing: only the others are parsed. */
const MENTIONS_BUILD = /docker|podman|buildah|nerdctl|depot|finch|useblacksmith/;

interface Step {
  readonly node: Node;
  readonly job: string;
  readonly scope: ExpressionScope;
  readonly folder: string | undefined;
}

/** Builds in a GitHub workflow or a composite action. */
export function collectWorkflow(collector: Collector, file: string): void {
  if (!MENTIONS_BUILD.test(collector.repo.text(file) ?? '')) return;
  for (const root of yamlDocuments(collector.repo, file)) {
    const shared = environment(at(root, 'env'), new Map());
    const folder = scalarText(at(root, 'defaults', 'run', 'working-directory'));
    for (const [job, entry] of entriesOf(at(root, 'jobs'))) {
      const scope = environment(at(entry.value, 'env'), shared);
      const own = scalarText(at(entry.value, 'defaults', 'run', 'working-directory')) ?? folder;
      for (const row of matrixRows(at(entry.value, 'strategy', 'matrix'))) {
        const inner = new Map([...scope, ...row]);
        for (const node of itemsOf(at(entry.value, 'steps')))
          readStep(collector, { node, job, scope: environment(at(node, 'env'), inner), folder: own });
      }
    }
    for (const node of itemsOf(at(root, 'runs', 'steps')))
      readStep(collector, { node, job: 'action', scope: shared, folder });
  }
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

/** The combinations of a matrix with their `include`s; one empty row without a matrix. */
function matrixRows(matrix: Node | undefined): readonly ExpressionScope[] {
  let rows: Map<string, string>[] = [new Map()];
  for (const [name, entry] of entriesOf(matrix)) {
    if (name === 'include' || name === 'exclude' || entry.value.kind !== 'seq') continue;
    const values = entry.value.items.map((item) => flatten(`matrix.${name}`, item));
    rows = rows.flatMap((row) => values.map((value) => new Map([...row, ...value]))).slice(0, MAX_COMBINATIONS);
  }
  const axes = rows[0]?.size ?? 0;
  const extra: Map<string, string>[] = [];
  for (const item of itemsOf(at(matrix, 'include'))) {
    const values = flatten('matrix', item);
    // An include that agrees with a row adds to it; one that fits none is a row of its own.
    const fitting = rows.filter(
      (row) =>
        [...values].every(([key, value]) => !row.has(key) || row.get(key) === value) &&
        [...values.keys()].some((key) => row.has(key)),
    );
    if (axes > 0 && fitting.length > 0)
      for (const row of fitting) for (const [key, value] of values) row.set(key, value);
    else extra.push(values);
  }
  if (axes === 0 && extra.length > 0) rows = [];
  return [...rows, ...extra].slice(0, MAX_COMBINATIONS);
}

function flatten(prefix: string, node: Node): Map<string, string> {
  const out = new Map<string, string>();
  const text = scalarText(node);
  if (text !== undefined) out.set(prefix, text);
  for (const [key, entry] of entriesOf(node))
    for (const [inner, value] of flatten(`${prefix}.${key}`, entry.value)) out.set(inner, value);
  return out;
}

const BUILD_ACTION = /^(?:docker|depot|useblacksmith)\/build-push-action@|^redhat-actions\/buildah-build@/;
const BAKE_ACTION = /^(?:docker|depot)\/bake-action@/;

function readStep(collector: Collector, step: Step): void {
  const uses = textOf(at(step.node, 'uses')) ?? '';
  if (BUILD_ACTION.test(uses)) actionBuild(collector, step);
  else if (BAKE_ACTION.test(uses)) actionBake(collector, step);
  const run = at(step.node, 'run');
  const text = textOf(run);
  if (run === undefined || text === undefined) return;
  const working = scalarText(at(step.node, 'working-directory')) ?? step.folder ?? '';
  const folder = expandExpression(working, step.scope);
  const variables = new Map(
    [...step.scope].filter(([key]) => key.startsWith('env.')).map(([key, value]) => [key.slice(4), value] as const),
  );
  const start = folder === undefined ? undefined : joinRepoPath('', folder);
  collectCommands(collector, {
    source: 'workflow',
    name: step.job,
    text: expandForShell(text, step.scope),
    placeOf: placeInText(run, text),
    folders: start === undefined ? [] : [start],
    ownFolder: start ?? '',
    variables: new Map([...variables, ['GITHUB_WORKSPACE', '.']]),
  });
}

function input(step: Step, name: string): { readonly given: boolean; readonly value: string | undefined } {
  const text = scalarText(at(step.node, 'with', name));
  if (text === undefined || text.trim() === '') return { given: false, value: undefined };
  return { given: true, value: expandExpression(text.trim(), step.scope) };
}

function actionBuild(collector: Collector, step: Step): void {
  const place = at(step.node, 'uses')?.at ?? step.node.at;
  const because: Reason = { kind: 'source', at: place, text: `the job ${step.job} builds here` };
  const given = input(step, 'context');
  const said = given.given ? given.value?.replace(/^\{\{\s*defaultContext\s*\}\}:?/, './') : '.';
  const written = scalarText(at(step.node, 'with', 'context')) ?? '';
  const context = folderFact(
    /^\{\{\s*defaultContext/.test(written) ? written.replace(/^\{\{\s*defaultContext\s*\}\}:?/, './') : said,
    because,
  );
  const file = input(step, 'file');
  const path = file.given ? (file.value === undefined ? undefined : joinRepoPath('', file.value)) : undefined;
  const dockerfile: Fact<string> = file.given
    ? path === undefined
      ? unknown('the Dockerfile of this step is decided when it runs', because)
      : known(path, because)
    : context.known
      ? known(joinRepoPath(context.value, 'Dockerfile') ?? 'Dockerfile', because)
      : unknown('the Dockerfile lies in a context that is not known', because);
  if (!dockerfile.known) {
    const raw = (name: string) => {
      const text = scalarText(at(step.node, 'with', name));
      return text === undefined || text.trim() === ''
        ? undefined
        : (expandExpression(text.trim(), step.scope) ?? text.trim().replace(/\$\{\{[^}]*\}\}/g, UNKNOWN_PART));
    };
    const fitting = patternBuilds(
      {
        dockerfile: raw('file'),
        context: raw('context') ?? '.',
        folder: '',
        source: 'workflow',
        name: step.job,
        at: place,
        development: isDevelopment(step.job),
      },
      collector.repo.files(),
    );
    collector.requests.push(...fitting);
    if (fitting.length > 0) return;
  }
  const stage = input(step, 'target');
  const tags = scalarText(at(step.node, 'with', 'tags')) ?? '';
  collector.requests.push({
    dockerfile,
    context,
    ...(stage.given
      ? {
          stage:
            stage.value === undefined
              ? unknown('the stage of this step is decided when it runs', because)
              : known(stage.value, because),
        }
      : {}),
    args: lines(step, 'build-args', because),
    platforms: (input(step, 'platforms').value ?? '')
      .split(/[,\n]/)
      .map((item) => item.trim())
      .filter((item) => item !== ''),
    additionalContexts: contextFacts(pairs(step, 'build-contexts'), '', because),
    use: {
      source: 'workflow',
      name: step.job,
      at: place,
      text: `job ${step.job}`,
      development: isDevelopment(step.job),
      tags: tags
        .split(/[\n,]/)
        .flatMap((tag) => expandExpression(tag.trim(), step.scope) ?? [])
        .filter((tag) => tag !== ''),
    },
  });
}

function folderFact(said: string | undefined, because: Reason): Fact<string> {
  if (said === undefined) return unknown('the context of this step is decided when it runs', because);
  const path = isRemote(said) ? undefined : joinRepoPath('', said);
  return path === undefined
    ? unknown(`the context ${said} is not a folder of the repository`, because)
    : known(path, because);
}

function pairs(step: Step, name: string): ReadonlyMap<string, string | undefined> {
  const out = new Map<string, string | undefined>();
  for (const line of (scalarText(at(step.node, 'with', name)) ?? '').split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) out.set(line.slice(0, equals).trim(), expandExpression(line.slice(equals + 1).trim(), step.scope));
  }
  return out;
}

function lines(step: Step, name: string, because: Reason): ReadonlyMap<string, Fact<string>> {
  return new Map(
    [...pairs(step, name)].map(([key, value]) => [
      key,
      value === undefined ? unknown(`${key} is decided when the workflow runs`, because) : known(value, because),
    ]),
  );
}

function actionBake(collector: Collector, step: Step): void {
  const place = at(step.node, 'uses')?.at ?? step.node.at;
  const list = (name: string) =>
    (input(step, name).value ?? '')
      .split(/[\n,]/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const folder = input(step, 'workdir').value ?? input(step, 'source').value ?? '.';
  const files = list('files').flatMap((file) => joinRepoPath(joinRepoPath('', folder) ?? '', file) ?? []);
  collector.bakeUses.push({ files, targets: list('targets'), at: place, source: 'workflow' });
}
