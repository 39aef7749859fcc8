import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { AndOr, Case, Command, For, Group, If, Pipeline, Sequence, While } from '../../shell/ast.ts';
import { doubtShell } from './doubt.ts';
import { Expander } from './expand.ts';
import { settlePending } from './pending.ts';
import { redirectGroup } from './redirect.ts';
import { line, type RunContext } from './run-context.ts';
import { type Ended, type Flow, flow, mergeShells, type Shell, setVariable } from './shell-world.ts';
import { runSimple } from './simple.ts';
import { testCommand } from './test-command.ts';

/** Loops over known words are unrolled up to this many rounds. */
const MOST_ROUNDS = 500;

/** Walks a command in a world. `fatal`: a failure of it ends the build. */
export function walk(command: Command, shell: Shell, context: RunContext, fatal: boolean): Flow {
  if (context.budget.commands <= 0) return overBudget(command, shell, context);
  switch (command.kind) {
    case 'simple':
      return runSimple(command, shell, context, fatal);
    case 'sequence':
      return walkSequence(command, shell, context, fatal);
    case 'and-or':
      return walkAndOr(command, shell, context, fatal);
    case 'pipeline':
      return walkPipeline(command, shell, context, fatal);
    case 'group':
      return walkGroup(command, shell, context, fatal);
    case 'if':
      return walkIf(command, shell, context, fatal);
    case 'for':
      return walkFor(command, shell, context, fatal);
    case 'while':
      return walkWhile(command, shell, context);
    case 'case':
      return walkCase(command, shell, context, fatal);
    case 'function':
      return {
        success: { ...shell, functions: shell.functions.set(command.name, command.body), status: 0 },
        ended: [],
      };
    case 'test':
      return testCommand(command, shell, context);
    case 'unsupported':
      return unmodelled(command, shell, context, `${command.what} is not followed`);
  }
}

/** Something ran of which only its reach is known. */
export function unmodelled(command: Command, shell: Shell, context: RunContext, why: string): Flow {
  const after = doubtShell(shell, context, line(context, command.span, why), context.place(command.span), {});
  return { success: after, failure: { ...after, status: undefined }, ended: [] };
}

function overBudget(command: Command, shell: Shell, context: RunContext): Flow {
  // Once said, everything is in doubt already.
  if (context.budget.commands < -1_000_000) return { success: shell, ended: [] };
  context.budget.commands = -2_000_000;
  const why = 'there are more commands than Plimsoll follows';
  const reason = line(context, command.span, why);
  const at = context.place(command.span);
  return { success: doubtShell(shell, context, reason, at, {}), ended: [] };
}

/** The world after a command whose status nobody looks at. */
function goOn(result: Flow, context: RunContext, reason: Reason): Shell | undefined {
  if (!result.failure) return result.success ?? result.repaired;
  settlePending(result.failure, context, true);
  // A command that certainly fails and whose failure is swallowed: the build goes on without its effect.
  const failure = { ...result.failure, pending: [] };
  return mergeShells(result.success, failure, reason);
}

function walkSequence(sequence: Sequence, start: Shell, context: RunContext, fatal: boolean): Flow {
  let shell: Shell | undefined = start;
  let repaired: Shell | undefined;
  let failure: Shell | undefined;
  const ended: Ended[] = [];
  const { items } = sequence;
  for (const [i, item] of items.entries()) {
    const here: Shell | undefined = shell ?? repaired;
    if (!here) break;
    const reason = line(context, item.command.span, 'it depends on what ran before');
    const keep = (world: Shell | undefined) => {
      if (shell) shell = world;
      else repaired = world;
    };
    if (item.background) {
      keep(inBackground(item.command, here, context, reason));
      continue;
    }
    const last = i === items.length - 1;
    const stops: boolean = here.options.errexit && !here.condition;
    const { result, exempted } = listParts(item.command, here, context, fatal && (last || stops), last || !stops);
    ended.push(...result.ended);
    if (last) {
      const failed = mergeShells(mergeShells(failure, result.failure, reason), exempted, reason);
      if (shell) return flow({ ...result, failure: failed, ended });
      return flow({ failure: failure ?? failed, repaired: result.success ?? result.repaired, ended });
    }
    if (!result.success && !result.failure && !exempted) {
      // The shell ended here; what follows is only as if it had not.
      shell = undefined;
      repaired = result.repaired;
      continue;
    }
    if (!stops) {
      keep(goOn(flow({ ...result, failure: mergeShells(result.failure, exempted, reason) }), context, reason));
      continue;
    }
    // `set -e`: the shell stops where the last command of a list fails, and goes on where an earlier one did.
    if (result.failure && shell) failure = mergeShells(failure, result.failure, reason);
    const on: Shell | undefined = exempted
      ? goOn(flow({ success: result.success, failure: exempted }), context, reason)
      : result.success;
    if (on) keep(on);
    else {
      shell = undefined;
      repaired = result.repaired;
    }
  }
  return flow({ success: items.length === 0 ? { ...start, status: 0 } : shell, repaired, failure, ended });
}

function inBackground(command: Command, here: Shell, context: RunContext, reason: Reason): Shell {
  const after = goOn(walk(command, { ...here, certain: false }, context, false), context, reason);
  const both: Shell = mergeShells(here, after, reason) ?? here;
  return { ...both, cwd: here.cwd, variables: here.variables, certain: here.certain, status: 0 };
}

/** A command of a sequence, failures that `set -e` overlooks apart from those that it heeds. */
function listParts(
  command: Command,
  shell: Shell,
  context: RunContext,
  fatal: boolean,
  leftFatal: boolean,
): { readonly result: Flow; readonly exempted?: Shell | undefined } {
  if (command.kind === 'and-or') return andOrParts(command, shell, context, fatal, fatal && leftFatal);
  const result = walk(command, shell, context, fatal);
  if (result.failure?.overlooked === true) {
    const { failure, ...rest } = result;
    return { result: rest, exempted: { ...failure, overlooked: false } };
  }
  if (command.kind !== 'pipeline' || !command.negated) return { result };
  const { failure, ...rest } = result;
  return { result: rest, exempted: failure };
}

function walkAndOr(node: AndOr, shell: Shell, context: RunContext, fatal: boolean): Flow {
  const { result, exempted } = andOrParts(node, shell, context, fatal, fatal);
  if (!exempted) return result;
  const reason = line(context, node.span, 'it depends on what ran before');
  return flow({ ...result, failure: mergeShells(result.failure, exempted, reason) });
}

/** `exempted`: the worlds in which a command before the last `&&` failed. `leftFatal`: such a failure ends the build too. */
function andOrParts(
  node: AndOr,
  shell: Shell,
  context: RunContext,
  fatal: boolean,
  leftFatal: boolean,
): { readonly result: Flow; readonly exempted?: Shell | undefined } {
  const alone = (i: number) => node.rest.slice(i).every((item) => item.operator === '&&');
  const left = (world: Shell): Shell => ({ ...world, condition: true });
  const back = (world: Shell | undefined, certain: boolean): Shell | undefined =>
    world ? { ...world, certain, condition: shell.condition } : undefined;
  const first = walk(node.first, node.rest.length > 0 ? left(shell) : shell, context, leftFatal && alone(0));
  let result: Flow = first;
  let exempted: Shell | undefined;
  const ended: Ended[] = [...first.ended];
  for (const [i, { operator, command }] of node.rest.entries()) {
    const reason = line(context, command.span, 'it depends on whether the command before it succeeds');
    const last = i === node.rest.length - 1;
    const rightFatal = alone(i + 1) && (last ? fatal : leftFatal);
    const enter = (world: Shell): Shell => (last ? { ...world, condition: shell.condition } : left(world));
    if (operator === '&&') {
      const from: Shell | undefined = result.success ?? result.repaired;
      exempted = mergeShells(exempted, result.failure, reason);
      if (!from) {
        result = flow({});
        continue;
      }
      // What follows runs for certain when a failure before it ends the build anyway.
      const sure = from.certain && (exempted === undefined || (leftFatal && alone(i)));
      const right = walk(command, enter({ ...from, certain: sure }), context, rightFatal);
      ended.push(...right.ended);
      result = result.success
        ? flow({
            success: back(right.success, from.certain),
            repaired: back(right.repaired, from.certain),
            failure: back(right.failure, from.certain),
          })
        : flow({ repaired: back(right.success ?? right.repaired, from.certain) });
      // Below a break that stops the build: worth knowing, in a world that is only supposed.
      if (from.hypothetical && right.failure && !right.success) settlePending(right.failure, context, false);
    } else {
      const tried: Shell | undefined = mergeShells(result.failure, exempted, reason);
      exempted = undefined;
      if (!tried) continue;
      settlePending(tried, context, true);
      const certain = tried.certain && result.success === undefined;
      const right = walk(command, enter({ ...tried, pending: [], certain }), context, rightFatal);
      ended.push(...right.ended);
      result = flow({
        success: mergeShells(result.success, back(right.success, shell.certain), reason),
        failure: back(right.failure, shell.certain),
        repaired: back(right.repaired, shell.certain) ?? result.repaired,
      });
    }
  }
  const done = flow({
    success: back(result.success, shell.certain),
    failure: back(result.failure, shell.certain),
    repaired: back(result.repaired, shell.certain),
    ended,
  });
  return { result: done, exempted: back(exempted, shell.certain) };
}

function walkPipeline(node: Pipeline, shell: Shell, context: RunContext, fatal: boolean): Flow {
  if (node.commands.length === 1) {
    const [only] = node.commands;
    if (!only) return { success: shell, ended: [] };
    const inner = node.negated ? { ...shell, condition: true } : shell;
    const result = walk(only, inner, context, fatal && !node.negated);
    if (!node.negated) return result;
    if (result.failure) settlePending(result.failure, context, true);
    const { success, failure } = result;
    return flow({
      success: failure ? { ...failure, pending: [], status: 0, condition: shell.condition } : undefined,
      failure: success ? { ...success, status: 1, condition: shell.condition } : undefined,
      ended: result.ended,
    });
  }
  let image = shell.image;
  let stdin: Fact<string> | undefined = shell.stdin;
  let broken: Shell | undefined;
  let mayFail: Shell | undefined;
  for (const [i, command] of node.commands.entries()) {
    const last = i === node.commands.length - 1;
    const reason = line(context, command.span, 'it depends on a pipe');
    const inner: Shell = { ...shell, image, stdin, out: last ? shell.out : known('') };
    const counts = last || shell.options.pipefail;
    const result = subshell(walk(command, inner, context, fatal && counts), reason);
    const back = (world: Shell): Shell => ({
      ...shell,
      image: world.image,
      out: last ? world.out : shell.out,
      status: world.status,
    });
    const failed = result.failure;
    if (failed && counts) {
      if (result.success) mayFail = mergeShells(mayFail, { ...back(failed), pending: failed.pending }, reason);
      else broken = { ...back(failed), pending: [...(broken?.pending ?? []), ...failed.pending] };
    } else if (failed) settlePending(failed, context, true);
    const world = result.success ?? (counts ? result.repaired : undefined) ?? failed;
    const merged = counts || !failed || !result.success ? world : mergeShells(result.success, failed, reason);
    if (!merged) continue;
    image = merged.image;
    stdin = merged.out ?? unknown('what it prints is not known', reason);
    if (last) {
      const after = { ...back(merged), pending: [] };
      if (broken) return walkNegation(node, flow({ failure: broken, repaired: after }), context);
      const failure = mayFail ? { ...mayFail, image } : undefined;
      return walkNegation(node, flow({ success: after, failure }), context);
    }
  }
  return { success: { ...shell, image }, ended: [] };
}

function walkNegation(node: Pipeline, result: Flow, context: RunContext): Flow {
  if (!node.negated) return result;
  if (result.failure) settlePending(result.failure, context, true);
  return flow({
    success: result.failure ? { ...result.failure, pending: [], status: 0 } : undefined,
    failure: result.success ? { ...result.success, status: 1 } : undefined,
    ended: result.ended,
  });
}

/** Ends of a subshell are only ends of it: `exit` inside becomes its status. */
export function subshell(result: Flow, reason: Reason): Flow {
  let { success, failure } = result;
  for (const end of result.ended) {
    if (end.status !== 'nonzero') success = mergeShells(success, { ...end.shell, status: 0 }, reason);
    if (end.status !== 'zero') failure = mergeShells(failure, end.shell, reason);
  }
  return flow({ success, failure, repaired: result.repaired });
}

function walkGroup(node: Group, shell: Shell, context: RunContext, fatal: boolean): Flow {
  return redirectGroup(node, shell, context, (inner) => {
    if (!node.subshell) return walk(node.body, inner, context, fatal);
    const reason = line(context, node.span, 'it depends on a subshell');
    const result = subshell(walk(node.body, inner, context, fatal), reason);
    const back = (world: Shell | undefined) =>
      world
        ? {
            ...world,
            cwd: shell.cwd,
            variables: shell.variables,
            functions: shell.functions,
            options: shell.options,
            umask: shell.umask,
            open: shell.open,
          }
        : undefined;
    return flow({ success: back(result.success), failure: back(result.failure), repaired: back(result.repaired) });
  });
}

function walkIf(node: If, start: Shell, context: RunContext, fatal: boolean): Flow {
  let shell: Shell | undefined = start;
  const parts: Flow[] = [];
  const ended: Ended[] = [];
  const reason = line(context, node.span, 'it depends on which branch of an if runs');
  for (const branch of node.branches) {
    if (!shell) break;
    const test: Flow = walk(branch.test, { ...shell, condition: true }, context, false);
    ended.push(...test.ended);
    if (test.failure) settlePending(test.failure, context, true);
    if (test.success) {
      const certain = test.success.certain && test.failure === undefined;
      const result = walk(branch.body, { ...test.success, certain, condition: start.condition }, context, fatal);
      ended.push(...result.ended);
      parts.push(result);
    }
    shell = test.failure
      ? {
          ...test.failure,
          pending: [],
          condition: start.condition,
          certain: test.failure.certain && test.success === undefined,
        }
      : undefined;
  }
  if (shell && node.otherwise) {
    const result = walk(node.otherwise, shell, context, fatal);
    ended.push(...result.ended);
    parts.push(result);
  } else if (shell) parts.push({ success: { ...shell, status: 0 }, ended: [] });
  return joinBranches(parts, ended, start, reason);
}

function joinBranches(parts: readonly Flow[], ended: readonly Ended[], start: Shell, reason: Reason): Flow {
  let success: Shell | undefined;
  let failure: Shell | undefined;
  let repaired: Shell | undefined;
  for (const part of parts) {
    success = mergeShells(success, part.success, reason);
    failure = mergeShells(failure, part.failure, reason);
    repaired = mergeShells(repaired, part.repaired, reason);
  }
  const restore = (world: Shell | undefined) => (world ? { ...world, certain: start.certain } : undefined);
  return flow({ success: restore(success), failure: restore(failure), repaired: restore(repaired), ended });
}

function walkFor(node: For, start: Shell, context: RunContext, fatal: boolean): Flow {
  const expander = new Expander(start, context, context.substitute);
  const args = node.words?.flatMap((word) => expander.words(word));
  const values: readonly Fact<string>[] | undefined =
    args?.map((arg) => arg.value) ??
    (start.positional.known ? start.positional.value.map((value) => known(value)) : undefined);
  const reason = line(context, node.span, 'it depends on a loop');
  const vague = !values || values.length > MOST_ROUNDS || args?.some((arg) => arg.many);
  if (vague) {
    const inner = setVariable(
      { ...expander.shell, certain: false },
      node.name,
      unknown('it differs in each round of a loop', reason),
    );
    return loopOnce(walk(node.body, inner, context, false), expander.shell, context, reason);
  }
  let shell: Shell | undefined = expander.shell;
  let failure: Shell | undefined;
  const ended: Ended[] = [];
  for (const [i, value] of values.entries()) {
    if (!shell) break;
    // Rounds cost too: loops in loops end with the budget.
    context.budget.commands--;
    if (context.budget.commands <= 0) return flow({ ...overBudget(node, shell, context), ended });
    const inner: Shell = setVariable(shell, node.name, value);
    const stops: boolean = inner.options.errexit && !inner.condition;
    const last = i === values.length - 1;
    const result = walk(node.body, inner, context, fatal && (last || stops));
    const left: Ended[] = result.ended.filter((end) => end.how === 'exit' || end.how === 'return');
    ended.push(...left);
    const loops = result.ended.filter((end) => end.how === 'break' || end.how === 'continue');
    if (loops.length > 0) {
      const merged = loops.reduce<Shell | undefined>(
        (a, end) => mergeShells(a, end.shell, reason),
        goOn(result, context, reason),
      );
      if (!merged) return flow({ ended });
      if (result.success === undefined && loops.every((end) => end.how === 'continue')) shell = merged;
      else if (result.success === undefined && result.failure === undefined)
        return flow({ success: { ...merged, status: 0 }, ended });
      else return loopOnce({ success: { ...merged, certain: false }, ended: [] }, merged, context, reason, ended);
      continue;
    }
    if (last) return flow({ ...result, failure: mergeShells(failure, result.failure, reason), ended });
    if (stops && result.failure) {
      failure = mergeShells(failure, result.failure, reason);
      if (!result.success) return flow({ failure, repaired: result.repaired, ended });
      shell = result.success;
    } else shell = goOn(result, context, reason);
  }
  return flow({ success: shell ? { ...shell, status: 0 } : undefined, failure, ended });
}

/** A body that runs any number of times: what it did may have been done. */
function loopOnce(result: Flow, before: Shell, context: RunContext, reason: Reason, more: readonly Ended[] = []): Flow {
  const left = result.ended.filter((end) => end.how === 'exit' || end.how === 'return');
  const loops = result.ended.filter((end) => end.how === 'break' || end.how === 'continue');
  let after = goOn(result, context, reason);
  for (const end of loops) after = mergeShells(after, end.shell, reason);
  const merged = mergeShells(before, after, reason) ?? before;
  const world = { ...merged, certain: before.certain, pending: [], status: undefined };
  return flow({ success: world, failure: world, ended: [...more, ...left] });
}

function walkWhile(node: While, start: Shell, context: RunContext): Flow {
  const reason = line(context, node.span, 'it depends on a loop');
  const test = walk(node.test, { ...start, condition: true }, context, false);
  if (test.failure) settlePending(test.failure, context, true);
  const [enter, leave] = node.until ? [test.failure, test.success] : [test.success, test.failure];
  if (!enter)
    return flow({
      success: leave ? { ...leave, pending: [], status: 0, condition: start.condition } : undefined,
      ended: test.ended,
    });
  const body = walk(node.body, { ...enter, pending: [], certain: false, condition: start.condition }, context, false);
  return loopOnce(
    { ...body, ended: [...body.ended, ...test.ended] },
    { ...(leave ?? enter), pending: [], certain: start.certain, condition: start.condition },
    context,
    reason,
  );
}

function walkCase(node: Case, start: Shell, context: RunContext, fatal: boolean): Flow {
  const expander = new Expander(start, context, context.substitute);
  const value = expander.text(node.word);
  const reason = line(context, node.span, 'it depends on which branch of a case runs');
  const parts: Flow[] = [];
  const ended: Ended[] = [];
  let shell: Shell | undefined = expander.shell;
  for (const item of node.items) {
    if (!shell) break;
    const answers = item.patterns.map((word) => {
      const pattern = expander.pattern(word);
      if (pattern.known && /^\*+$/.test(pattern.value)) return true;
      return value.known && pattern.known ? expander.matches(value.value, pattern.value) : undefined;
    });
    const sure = answers.includes(true) && !answers.slice(0, answers.indexOf(true)).includes(undefined);
    if (!sure && answers.every((answer) => answer === false)) continue;
    const taken = answers.includes(true);
    const result = walk(item.body, { ...shell, certain: shell.certain && taken }, context, fatal);
    ended.push(...result.ended);
    parts.push(item.body.items.length === 0 ? { success: { ...shell, status: 0 }, ended: [] } : result);
    if (item.fallsThrough)
      return loopOnce({ success: { ...shell, certain: false }, ended: [] }, shell, context, reason);
    shell = taken ? undefined : { ...shell, certain: false };
  }
  if (shell) parts.push({ success: { ...shell, status: 0 }, ended: [] });
  return joinBranches(parts, ended, start, reason);
}
