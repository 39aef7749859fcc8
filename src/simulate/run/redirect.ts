import { unknown } from '../../facts/fact.ts';
import type { Redirect } from '../../shell/ast.ts';
import type { Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { doubtImage } from './doubt.ts';
import type { Expander } from './expand.ts';
import { cannotWrite, readFile, type Sink } from './redirect-file.ts';
import { line, type RunContext } from './run-context.ts';
import { type Flow, flow, mergeShells, type Shell } from './shell-world.ts';

/** What redirections make of a command's surroundings. */
export interface Redirected {
  readonly shell: Shell;
  /** Standard output; undefined: not redirected. `null`: lost or not followed. */
  readonly sink?: Sink | null;
  readonly failure?: Failure;
  /** A file may be refused: the command runs or not. */
  readonly perhaps: boolean;
  /** Redirected to where the model does not look: files were created whose content is not known. */
  readonly touched: readonly string[];
}

/** Devices that swallow what is written. */
const DEVICES = /^\/(dev\/(null|stdout|stderr|fd\/[0-9]+|tty|zero|tcp\/.*)|proc\/.*)$/;

/** Opens the files of redirections, in order, as the shell does before it runs the command. */
export function applyRedirects(redirects: readonly Redirect[], expander: Expander, context: RunContext): Redirected {
  let sink: Sink | null | undefined;
  let failure: Failure | undefined;
  let perhaps = false;
  const touched: string[] = [];
  for (const redirect of redirects) {
    const target = expander.text(redirect.target);
    const reason = line(
      context,
      redirect.span,
      context.text.slice(redirect.span.start, redirect.span.end).split('\n', 1)[0] ?? '',
    );
    if (redirect.operator === 'heredoc' || redirect.operator === 'herestring') {
      const text =
        redirect.operator === 'herestring' && target.known ? { ...target, value: `${target.value}\n` } : target;
      if (redirect.descriptor === 0) expander.shell = { ...expander.shell, stdin: text };
      continue;
    }
    if (redirect.operator === '<&' || redirect.operator === '>&') {
      if (redirect.descriptor === 1) sink = null;
      continue;
    }
    const output = redirect.operator === '>' || redirect.operator === '>>' || redirect.operator === '<>';
    const cwd = expander.shell.cwd;
    if (!target.known || (!cwd.known && !target.value.startsWith('/'))) {
      if (output) {
        expander.shell = {
          ...expander.shell,
          image: doubtImage(expander.shell.image, context, {
            ...reason,
            text: 'a redirection to a path that is not known',
          }),
        };
        if (redirect.descriptor !== 2) sink = null;
        perhaps = true;
      } else expander.shell = { ...expander.shell, stdin: unknown('it is read from a path that is not known', reason) };
      continue;
    }
    const path = joinPath(cwd.known ? cwd.value : '/', target.value);
    if (!output) {
      const read = readFile(expander.shell.image, path, reason);
      failure ??= read.failure;
      if (redirect.descriptor === 0) expander.shell = { ...expander.shell, stdin: read.text };
      continue;
    }
    if (DEVICES.test(path)) {
      if (redirect.descriptor !== 2) sink = path === '/dev/stdout' ? sink : null;
      continue;
    }
    const refused = cannotWrite(expander.shell.image, path, context, reason, redirect.span);
    if (refused === 'perhaps') perhaps = true;
    else failure ??= refused;
    if (failure) continue;
    if (redirect.descriptor === 2) touched.push(path);
    else sink = { path, append: redirect.operator === '>>', reason };
  }
  return {
    shell: expander.shell,
    touched,
    perhaps,
    ...(sink === undefined ? {} : { sink }),
    ...(failure ? { failure } : {}),
  };
}

/** Adds the world in which a redirection was refused and the command never ran. */
export function orFails(
  result: Flow,
  perhaps: boolean,
  before: Shell,
  context: RunContext,
  span: Redirect['span'],
): Flow {
  if (!perhaps) return result;
  const reason = line(context, span, 'it depends on whether a redirection is refused');
  return flow({ ...result, failure: mergeShells(result.failure, { ...before, status: undefined }, reason) });
}
