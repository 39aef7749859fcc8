import { at, entriesOf, type Node, textOf } from '../compose/node.ts';
import { joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { contextFacts, isRemote } from './build-facts.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { patternBuilds } from './pattern-builds.ts';
import { isDevelopment } from './purpose.ts';
import { UNKNOWN_PART } from './shell-words.ts';
import { type ExpressionScope, expandExpression, expandForShell } from './workflow-expression.ts';
import { placeInText, scalarText } from './yaml-file.ts';

/** A step of a job, with the values known in it. */
export interface Step {
  readonly node: Node;
  readonly job: string;
  readonly scope: ExpressionScope;
  readonly folder: string | undefined;
}

const BUILD_ACTION = /^(?:docker|depot|useblacksmith)\/build-push-action@|^redhat-actions\/buildah-build@/;
const BAKE_ACTION = /^(?:docker|depot)\/bake-action@/;

/** Reads the builds of a step: of the known actions and of its shell lines. */
export function readStep(collector: Collector, step: Step): void {
  const uses = textOf(at(step.node, 'uses')) ?? '';
  if (BUILD_ACTION.test(uses)) actionBuild(collector, step);
  else if (BAKE_ACTION.test(uses)) actionBake(collector, step);
  else if (uses !== '' && !uses.startsWith('./')) otherAction(collector, step);
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

/** Any other action that is given a Dockerfile of the repository and a context: `dockerfile-path: ./x/Dockerfile`. */
function otherAction(collector: Collector, step: Step): void {
  const first = (pattern: RegExp) =>
    [...entriesOf(at(step.node, 'with'))].find(([name]) => pattern.test(name))?.[0] ?? '';
  const file = input(step, first(/^(?:docker[-_]?file(?:[-_]?path)?|file)$/i)).value;
  const context = input(step, first(/^(?:build[-_]?)?(?:context|path|workdir)$/i));
  if (file === undefined || !/dockerfile|containerfile/i.test(file)) return;
  // A linter or scanner is given a Dockerfile, too, but no context.
  const folder = context.value === undefined ? undefined : joinRepoPath('', context.value);
  const path = joinRepoPath('', file);
  if (folder === undefined || path === undefined || collector.repo.entry(path) === undefined) return;
  const place = at(step.node, 'uses')?.at ?? step.node.at;
  const because: Reason = { kind: 'source', at: place, text: `the job ${step.job} builds here` };
  const stage = input(step, first(/^(?:build[-_]?)?target$/i)).value;
  const { job } = step;
  collector.requests.push({
    dockerfile: known(path, because),
    context: known(folder, because),
    ...(stage === undefined ? {} : { stage: known(stage, because) }),
    argsUnread: true,
    use: { source: 'workflow', name: job, at: place, text: `job ${job}`, development: isDevelopment(job), tags: [] },
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
