import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Simple } from '../../shell/ast.ts';
import { findCommand } from '../command-lookup.ts';
import type { Arg, Failure } from '../command-model.ts';
import { builtins } from './builtins.ts';
import { doubtShell } from './doubt.ts';
import { Expander } from './expand.ts';
import { external } from './external.ts';
import { failing, stopping } from './failing.ts';
import { subshell } from './pipelines.ts';
import { applyRedirects, orFails, type Redirected } from './redirect.ts';
import { writeSink } from './redirect-file.ts';
import { line, type OpenStep, openStep, type RunContext } from './run-context.ts';
import { type Flow, flow, type Shell, setVariable } from './shell-world.ts';
import { walk } from './walk.ts';

/** Names that only Bash (and mostly BusyBox) has built in: dash looks for a program and does not find one. */
const BASH_ONLY = /^(source|let|declare|typeset|shopt|pushd|popd|mapfile|readarray|builtin|function)$/;

/** A simple command: words, assignments, redirections. */
export function runSimple(node: Simple, shell: Shell, context: RunContext, _fatal: boolean): Flow {
  context.budget.commands--;
  const expander = new Expander({ ...shell, status: undefined }, context, context.substitute);
  const args = node.words.flatMap((word) => expander.words(word));
  const at = context.place(node.span);
  const words = args.map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const before = shell.image;
  if (args.length === 0) return assignments(node, expander, context, before);
  const opened = applyRedirects(node.redirects, expander, context);
  const inner: Shell = { ...expander.shell, status: shell.status };
  const written = context.text.slice(node.span.start, node.span.end);
  const reason = line(context, node.span, `RUN ${shorten(written)}`);
  const stop = (failure: Failure) => {
    const step = openStep(context, at, before, inner.image, { argv: words });
    return failing({ ...inner, stdin: shell.stdin }, [failure], step, 2);
  };
  if (expander.stopped !== undefined) {
    const step = openStep(context, at, before, inner.image, { argv: words });
    return stopping({ ...inner, stdin: shell.stdin }, [stoppedBy(expander.stopped, at, reason)], step, 2);
  }
  if (opened.failure) return stop(opened.failure);
  const capturing: Shell = opened.sink === undefined ? inner : { ...inner, out: known('') };
  let env: ReadonlyMap<string, Fact<string>> = new Map();
  for (const { name, value } of node.assignments) {
    env = new Map([...env, [name, value ? expander.text(value) : unknown('an array')]]);
  }
  const result = dispatch({ node, args, words, at, reason, env }, capturing, context);
  const done = finish(result, opened, shell, context, at, reason, written);
  return orFails(done, opened.perhaps, { ...inner, stdin: shell.stdin }, context, node.span);
}

interface Dispatch {
  readonly node: Simple;
  readonly args: readonly Arg[];
  readonly words: readonly string[];
  readonly at: OpenStep['at'];
  readonly reason: Reason;
  readonly env: ReadonlyMap<string, Fact<string>>;
}

function dispatch(call: Dispatch, shell: Shell, context: RunContext): Flow {
  const { args, words, at, reason } = call;
  const name = args[0]?.value;
  if (!name?.known) {
    const why = `a command that is not known: ${name?.why ?? ''}`;
    const after = doubtShell(shell, context, { ...reason, text: why }, at, { argv: words });
    return { success: after, failure: after, ended: [] };
  }
  const fn = shell.functions.get(name.value);
  if (fn !== undefined) return callFunction(call, fn, shell, context);
  if (context.dialect === 'dash' && BASH_ONLY.test(name.value)) {
    const found = findCommand(shell.image, name.value);
    // No package brings a program of such a name.
    if (!found.known || found.value.presence === 'absent') {
      const because = [reason, ...shell.image.bourneShell.because];
      const text = `\`${name.value}\` is a command of Bash; the shell here is dash, which does not find it`;
      const step = openStep(context, at, shell.image, shell.image, { argv: words });
      const says = `${name.value}: not found`;
      return failing(shell, [{ kind: 'command-missing', at, subject: name.value, text, because, says }], step, 127);
    }
  }
  const builtin = builtins.get(name.value);
  if (builtin) {
    let step: OpenStep | undefined;
    const open = (effects?: readonly string[], why?: string) => {
      step ??= openStep(context, at, shell.image, shell.image, {
        argv: words,
        ...(effects ? { effects } : {}),
        unmodelled: why,
      });
      return step;
    };
    const result = builtin({ args, shell, context, open });
    open();
    return result;
  }
  return external({ ...call, name: name.value }, shell, context);
}

function callFunction(
  call: Dispatch,
  body: Parameters<typeof walk>[0] | null,
  shell: Shell,
  context: RunContext,
): Flow {
  const why = `a function ${call.words[0] ?? ''} that is not followed`;
  if (body === null || context.depth > 6) {
    const after = doubtShell(shell, context, { ...call.reason, text: why }, call.at, { argv: call.words });
    return { success: after, failure: after, ended: [] };
  }
  const values: string[] = [];
  let positional: Fact<readonly string[]> = known(values);
  for (const { value } of call.args.slice(1)) {
    if (value.known) values.push(value.value);
    else positional = value;
  }
  const deeper: RunContext = { ...context, depth: context.depth + 1 };
  const result = walk(body, { ...shell, positional }, { ...deeper, substitute: context.substitute }, false);
  const returned = result.ended.filter((end) => end.how === 'return');
  const rest = result.ended.filter((end) => end.how !== 'return');
  const ended = subshell({ ...result, ended: returned }, call.reason);
  const back = (world: Shell | undefined) => (world ? { ...world, positional: shell.positional } : undefined);
  return flow({
    success: back(ended.success),
    failure: back(ended.failure),
    repaired: back(ended.repaired),
    ended: rest,
  });
}

/** `x=1 y=$(cmd)`, perhaps with redirections, and no command. */
function assignments(node: Simple, expander: Expander, context: RunContext, before: Shell['image']): Flow {
  let substituted = false;
  for (const { name, value, append, span } of node.assignments) {
    let text: Fact<string> = value ? expander.text(value) : unknown('an array', line(context, span, name));
    if (value?.parts.some((part) => part.kind === 'command')) substituted = true;
    if (append) {
      const old = expander.value(name);
      text = old && text.known ? (old.known ? { ...text, value: old.value + text.value } : old) : text;
    }
    expander.shell = setVariable(expander.shell, name, text);
  }
  const opened = applyRedirects(node.redirects, expander, context);
  const at = context.place(node.span);
  const reason = line(context, node.span, shorten(context.text.slice(node.span.start, node.span.end)));
  if (expander.stopped !== undefined || opened.failure) {
    const failure = opened.failure ?? stoppedBy(expander.stopped ?? '', at, reason);
    return failing(expander.shell, [failure], openStep(context, at, before, expander.shell.image, {}), 2);
  }
  const status = expander.shell.status;
  let { shell } = expander;
  if (opened.sink) shell = { ...shell, image: writeSink(shell.image, opened.sink, known(''), context, shell.umask) };
  if (before !== shell.image) openStep(context, at, before, shell.image, {});
  if (!substituted || status === 0) return { success: { ...shell, status: 0 }, ended: [] };
  if (status !== undefined) return { failure: { ...shell, status }, ended: [] };
  return { success: { ...shell, status: 0 }, failure: { ...shell, status: undefined }, ended: [] };
}

/** Writes what was printed to where it goes. */
function finish(
  result: Flow,
  opened: Redirected,
  outer: Shell,
  context: RunContext,
  at: OpenStep['at'],
  reason: Reason,
  written: string,
): Flow {
  const { sink } = opened;
  const close = (world: Shell | undefined): Shell | undefined => {
    if (!world) return undefined;
    let { image } = world;
    if (sink) {
      const from = image;
      image = writeSink(image, sink, world.out ?? unknown('what it prints is not known', reason), context, world.umask);
      const effects = [`writes ${sink.path}`];
      openStep(context, at, from, image, { argv: [shorten(written)], effects });
    }
    for (const path of opened.touched) {
      image = writeSink(image, { path, append: true, reason }, unknown('error output'), context, world.umask);
    }
    const out = sink === undefined ? world.out : outer.out;
    return { ...world, image, stdin: outer.stdin, out };
  };
  return flow({
    success: close(result.success),
    failure: close(result.failure),
    repaired: close(result.repaired),
    ended: result.ended,
  });
}

function stoppedBy(text: string, at: OpenStep['at'], reason: Reason): Failure {
  return {
    kind: 'other',
    at,
    subject: text.split(':')[0] ?? text,
    text: `the shell stops: ${text}`,
    because: [reason],
    says: text,
  };
}

export function shorten(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length > 120 ? `${one.slice(0, 117)}...` : one;
}
