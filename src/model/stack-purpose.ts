import type { Reason } from '../facts/fact.ts';
import { isDevelopment, isFixture } from '../targets/purpose.ts';
import type { ComposeCombination } from '../targets/types.ts';
import { linePlace } from '../text/place.ts';
import { deployedOtherwise, documentedAs, heldOut, leadingComment, startsOf } from './stack-documents.ts';
import type { Service, Stack } from './types.ts';

/** Whether a stack is what runs in production, and what says so. */
export interface StackPurpose {
  /** `production`: a name, a setting or a deploying command says it. `presumed`: signs of deployment, or the only stack of the
   * repository, and nothing marks it as made for development. `unclear`: samples, several stacks, other ways to deploy. */
  readonly grade: 'production' | 'presumed' | 'development' | 'unclear';
  readonly because: readonly Reason[];
}

const MODES =
  /^(?:NODE_ENV|APP_ENV|ENVIRONMENT|FLASK_ENV|DJANGO_ENV|RAILS_ENV|ENV|APP_ENVIRONMENT|SPRING_PROFILES_ACTIVE|ASPNETCORE_ENVIRONMENT|GO_ENV|PYTHON_ENV)$/;
const DEVELOPING = /^(?:dev|develop|development|local|test|testing)$/i;
const PRODUCING = /^(?:prod|production|live)$/i;
/** A command that is kept as a comment, for people to swap when they deploy. */
const ASIDE = /^\s*#\s*(?:command\s*:|CMD\b).*(?:\bgunicorn\b|\bstart:prod\b|--workers\b|\bnode dist\/)/;
const RESTARTS = /^(?:always|unless-stopped)$/;

/** @param others all combinations of the repository, this stack's own among them */
export function stackPurpose(
  stack: Stack,
  own: ComposeCombination,
  others: readonly ComposeCombination[],
): StackPurpose {
  if (own.purpose === 'production' && disclaimed(stack)) return { grade: 'unclear', because: [] };
  if (own.purpose !== 'unclear') return { grade: own.purpose, because: [] };
  if (
    own.files.some(
      (file) => isFixture(file) || /(?:^|[/._-])(?:cypress|playwright|bench(?:mark)?s?)(?:$|[/._-])/i.test(file),
    )
  )
    return { grade: 'unclear', because: [] };
  const marks = developmentMarks(stack);
  const strong = saidForProduction(stack, own);
  if (marks.length > 0) return { grade: strong.length > 0 ? 'unclear' : 'development', because: marks };
  if (strong.length > 0) return { grade: 'production', because: strong };
  // A production stack stands beside it, or samples in folders of their own.
  if (others.some((other) => other.purpose === 'production') || samples(others))
    return { grade: 'unclear', because: [] };
  const starts = startsOf(stack.repo);
  const signs = [
    ...restarting(stack),
    ...imageModes(stack),
    ...documentedAs(starts, 'production'),
    ...beside(own, others),
  ];
  const only = onlyStack(own, others);
  if (signs.length > 0) return { grade: 'presumed', because: [...signs.slice(0, 2), ...only] };
  const learning = documentedAs(starts, 'development');
  if (learning.length > 0) return { grade: 'development', because: learning };
  if (only.length === 0 || deployedOtherwise(stack.repo) || heldOut(stack.repo))
    return { grade: 'unclear', because: [] };
  return { grade: 'presumed', because: only };
}

/** Everything in the files themselves that says that developers start it. */
function developmentMarks(stack: Stack): readonly Reason[] {
  const marks: Reason[] = [];
  for (const { name, target, compose } of stack.services) {
    if (target !== undefined && (target.development || isDevelopment(`.${target.stage ?? ''}.`)))
      marks.push({ kind: 'line', at: target.at, text: `${name} is built for development` });
    for (const entry of compose.environment.entries.values()) {
      if (MODES.test(entry.name) && entry.fact.known && DEVELOPING.test(entry.fact.value))
        marks.push({ kind: 'compose', at: entry.at, text: `${entry.name} is ${entry.fact.value}` });
    }
  }
  for (const file of new Set([...stack.files, ...stack.services.flatMap((v) => v.target?.dockerfile.file ?? [])])) {
    const line = asideLine(stack.repo.text(file) ?? '');
    if (line !== undefined)
      marks.push({ kind: 'line', at: linePlace(file, line), text: 'the command for production is put aside here' });
  }
  const comment = leadingComment(stack.repo, stack.files[0] ?? '');
  if (comment !== undefined && firstWord(comment.text) === 'development')
    marks.push({ kind: 'compose', at: comment.at, text: `its first comment says: ${comment.text.slice(0, 60)}` });
  return marks;
}

/** The line (1-based) of a command for production that stands there as a comment, beside one that follows changes. */
function asideLine(text: string): number | undefined {
  if (!/--reload\b|\bnodemon\b|\brunserver\b|\brun (?:start:)?dev\b/.test(text)) return undefined;
  const index = text.split('\n').findIndex((line) => ASIDE.test(line));
  return index < 0 ? undefined : index + 1;
}

/** Whether the first comment says against the file's name that it is for nobody's deployment. */
function disclaimed({ repo, files: [file = ''] }: Stack): boolean {
  const text = leadingComment(repo, file)?.text ?? '';
  return /\bnot (?:to be used |meant |intended |suitable |ready )*for (?:\w+ )?(?:production|deployments?)\b/i.test(
    text,
  );
}

/** What a comment says first that the file is for: another file may be named for the other. */
function firstWord(text: string): 'development' | 'production' | undefined {
  const word =
    /\b(dev(?:elop(?:ment|ers?))?|local(?:ly)?|tests?|testing|demo|example|not for production)\b|\bprod(?:uction)?\b/i.exec(
      text,
    );
  if (word === null) return undefined;
  return word[1] === undefined ? 'production' : 'development';
}

/** A setting of a service that is built here, a comment, or a command that deploys it. */
function saidForProduction(stack: Stack, own: ComposeCombination): readonly Reason[] {
  const said: Reason[] = [];
  for (const { target, compose } of stack.services) {
    if (target === undefined) continue;
    for (const entry of compose.environment.entries.values()) {
      if (
        entry.from === 'environment' &&
        MODES.test(entry.name) &&
        entry.fact.known &&
        PRODUCING.test(entry.fact.value)
      )
        said.push({
          kind: 'compose',
          at: entry.at,
          text: `${entry.name} is ${entry.fact.value}: this stack is for production`,
        });
    }
  }
  const comment = leadingComment(stack.repo, stack.files[0] ?? '');
  if (comment !== undefined && firstWord(comment.text) === 'production')
    said.push({ kind: 'compose', at: comment.at, text: `its first comment says: ${comment.text.slice(0, 60)}` });
  for (const reason of own.because) {
    if (
      'at' in reason &&
      reason.kind === 'source' &&
      /(?:^|[/._-])(?:deploy|deployment|release|prod|production)(?:$|[/._-])/i.test(reason.at.file) &&
      !/\.(?:md|rst|txt)$/i.test(reason.at.file)
    )
      said.push({ kind: 'source', at: reason.at, text: 'this deploys the stack' });
  }
  return said.slice(0, 2);
}

/** A service of the repository's own that the engine brings up again after every boot. */
function restarting(stack: Stack): readonly Reason[] {
  const found = stack.services.find(
    ({ target, compose }) =>
      target !== undefined && compose.restart?.fact.known === true && RESTARTS.test(compose.restart.fact.value),
  );
  const field = found?.compose.restart;
  if (found === undefined || field === undefined || !field.fact.known) return [];
  return [
    { kind: 'compose', at: field.at, text: `${found.name} restarts ${field.fact.value}: the stack is made to stay up` },
  ];
}

function imageModes(stack: Stack): readonly Reason[] {
  for (const service of stack.services) {
    if (service.target === undefined) continue;
    const entry = modeOf(service);
    if (entry !== undefined) return [entry];
  }
  return [];
}

function modeOf({ env, name }: Service): Reason | undefined {
  for (const [variable, { value, at, origin }] of env) {
    if (origin === 'image' && at !== undefined && MODES.test(variable) && value.known && PRODUCING.test(value.value))
      return { kind: 'line', at, text: `the image of ${name} sets ${variable}=${value.value}` };
  }
  return undefined;
}

/** A file for development beside it leaves this one for everything else. */
function beside(own: ComposeCombination, others: readonly ComposeCombination[]): readonly Reason[] {
  const folder = folderOf(own.files[0]);
  const file = others
    .filter(
      (other) =>
        other.purpose === 'development' &&
        other.files.length > own.files.length &&
        own.files.every((f) => other.files.includes(f)),
    )
    .flatMap((other) => other.files)
    .find((f) => folderOf(f) === folder && !own.files.includes(f) && /\bdev(?:elop(?:ment)?)?\b/i.test(f));
  return file === undefined
    ? []
    : [{ kind: 'derived', at: linePlace(file, 1), text: `${file} is the one for development` }];
}

/** Stacks in three folders or more are samples, or parts that are started one by one. */
function samples(others: readonly ComposeCombination[]): boolean {
  return (
    new Set(others.filter((o) => o.rank === 'used' && !o.files.some(isFixture)).map((o) => folderOf(o.files[0]))).size >
    2
  );
}

function onlyStack(own: ComposeCombination, others: readonly ComposeCombination[]): readonly Reason[] {
  const [file] = own.files;
  if (file === undefined || own.files.length > 1 || own.profiles.length > 0) return [];
  const rivals = others.filter(
    (other) =>
      other !== own &&
      other.purpose !== 'development' &&
      !other.files.some(isFixture) &&
      !other.files.includes(file) &&
      plain(other.files[0]),
  );
  if (!plain(file) || rivals.length > 0) return [];
  return [
    {
      kind: 'derived',
      at: linePlace(file, 1),
      text: 'it is the only stack of the repository, and nothing says that it is for development',
    },
  ];
}

/** Named as Compose takes it by itself. */
function plain(file: string | undefined): boolean {
  return /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(file ?? '');
}

function folderOf(file: string | undefined): string {
  const path = file ?? '';
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
