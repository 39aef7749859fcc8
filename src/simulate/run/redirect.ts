import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Group, Redirect } from '../../shell/ast.ts';
import { change } from '../change.ts';
import type { Failure } from '../command-model.ts';
import { groupsOf } from '../identity.ts';
import type { SimulatedImage } from '../image.ts';
import { joinPath } from '../node.ts';
import { mayReach, mayWrite } from '../reach.ts';
import { doubtImage } from './doubt.ts';
import { Expander } from './expand.ts';
import { failing } from './failing.ts';
import { line, openStep, type RunContext } from './run-context.ts';
import { type Flow, flow, mergeShells, type Shell } from './shell-world.ts';

/** Where the output of a command goes. */
export interface Sink {
  readonly path: string;
  readonly append: boolean;
  readonly reason: Reason;
}

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

function readFile(image: SimulatedImage, path: string, reason: Reason): { text: Fact<string>; failure?: Failure } {
  if (path.startsWith('/dev/') || path.startsWith('/proc/'))
    return { text: path === '/dev/null' ? known('') : unknown(`${path} is a device`) };
  const found = image.tree.lookup(path);
  if (!found.known) return { text: found };
  if (found.value.presence === 'absent') {
    const at = 'at' in reason ? reason.at : undefined;
    const text = unknown(`${path} is not there`, ...found.because);
    if (!at) return { text };
    const says = 'No such file';
    return {
      text,
      failure: {
        kind: 'file-missing',
        at,
        subject: path,
        text: `the shell cannot read ${path}: it is not there`,
        because: [reason, ...found.because],
        says,
      },
    };
  }
  const content = found.value.presence === 'present' ? found.value.content?.() : undefined;
  return {
    text:
      content === undefined ? unknown(`the text of ${path} is not known`, reason) : known(content, ...found.because),
  };
}

/** Why the shell could not create a file, where that is certain. */
function cannotWrite(
  image: SimulatedImage,
  path: string,
  context: RunContext,
  reason: Reason,
  span: Redirect['span'],
): Failure | 'perhaps' | undefined {
  const at = context.place(span);
  if (context.mounts.some((mount) => path.startsWith(`${mount.target}/`))) return undefined;
  const folder = joinPath('/', `${path}/..`);
  const parent = image.tree.lookup(folder);
  const old = image.tree.lookup(path);
  const isFolder = old.known && old.value.presence === 'present' && old.value.type === 'directory';
  const noFolder = parent.known && parent.value.presence === 'present' && parent.value.type === 'file';
  if (isFolder || noFolder) {
    const text = isFolder ? `${path} is a folder: the shell cannot write into it` : `${folder} is a file, not a folder`;
    const reasons = [reason, ...(isFolder ? old.because : parent.because)];
    const says = isFolder ? 's a directory' : 'ot a directory';
    return { kind: 'other', at, subject: path, text, because: reasons, says };
  }
  if (parent.known && parent.value.presence === 'absent') {
    const text = `the shell cannot create ${path}: the folder ${folder} is not there`;
    return {
      kind: 'file-missing',
      at,
      subject: folder,
      text,
      because: [reason, ...parent.because],
      says: context.dialect === 'bash' ? 'No such file or directory' : 'nonexist',
      detail: { path },
    };
  }
  const sure = parent.known && parent.value.presence === 'present' && parent.value.type === 'directory';
  if (context.uid.known && context.uid.value === 0) return sure ? undefined : 'perhaps';
  if (!context.uid.known || !context.gid.known || !sure) return 'perhaps';
  if (!old.known || old.value.presence === 'assumed') return 'perhaps';
  const uid = context.uid.value;
  const groups = groupsOf(image, context.uid, context.gid);
  const target = old.value.presence === 'present' ? old.value : parent.value;
  const reach = mayReach(image.tree, path, uid, groups);
  const allowed = reach === false ? false : reach === undefined ? undefined : mayWrite(target.attributes, uid, groups);
  if (allowed === true) return undefined;
  if (allowed === undefined) return 'perhaps';
  const text = `user ${uid} may not write ${path}`;
  const reasons = [reason, ...parent.because];
  const says = 'ermission denied';
  return { kind: 'permission-denied', at, subject: path, text, because: reasons, says, detail: { path, folder } };
}

/** The image after the output was written. `text` absent or unknown: the file is there with unknown content. */
export function writeSink(
  image: SimulatedImage,
  sink: Sink,
  text: Fact<string>,
  context: RunContext,
  umask: number,
): SimulatedImage {
  const edit = change(image, sink.reason);
  const old = sink.append ? image.tree.lookup(sink.path) : undefined;
  const before = old?.known
    ? old.value.presence === 'absent'
      ? ''
      : old.value.content?.()
    : sink.append
      ? undefined
      : '';
  const all = before !== undefined && text.known ? before + text.value : undefined;
  const own = context.uid.known && context.gid.known ? { uid: context.uid.value, gid: context.gid.value } : {};
  if (!context.uid.known) return edit.assumeBelow(sink.path, 'it is written by a user that is not known').state;
  edit.write(sink.path, {
    ...own,
    mode: 0o666 & ~umask,
    ...(all === undefined ? {} : { content: () => all, size: new TextEncoder().encode(all).length }),
  });
  return edit.state;
}

/** Redirections of `{ …; } > file` and of loops. */
export function redirectGroup(node: Group, shell: Shell, context: RunContext, inside: (inner: Shell) => Flow): Flow {
  if (node.redirects.length === 0) return inside(shell);
  const expander = new Expander(shell, context, context.substitute);
  const opened = applyRedirects(node.redirects, expander, context);
  if (opened.failure) {
    const step = openStep(context, context.place(node.span), shell.image, shell.image, {});
    const { failure, ...rest } = failing(opened.shell, [opened.failure], step, 1);
    const overlooked = context.dialect !== 'bash';
    return failure ? { ...rest, failure: { ...failure, overlooked } } : rest;
  }
  const sink = opened.sink;
  const inner: Shell = sink === undefined ? opened.shell : { ...opened.shell, out: known('') };
  const result = orFails(inside(inner), opened.perhaps, shell, context, node.span);
  const finish = (world: Shell | undefined): Shell | undefined => {
    if (!world) return undefined;
    let image = world.image;
    if (sink)
      image = writeSink(
        image,
        sink,
        world.out ?? unknown('what it prints is not known', sink.reason),
        context,
        world.umask,
      );
    for (const path of opened.touched)
      image = writeSink(
        image,
        { path, append: true, reason: line(context, node.span, 'error output') },
        unknown('error output'),
        context,
        world.umask,
      );
    return { ...world, image, stdin: shell.stdin, out: sink === undefined ? world.out : shell.out };
  };
  return flow({
    success: finish(result.success),
    failure: finish(result.failure),
    repaired: finish(result.repaired),
    ended: result.ended,
  });
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
