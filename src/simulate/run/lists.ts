import type { Reason } from '../../facts/fact.ts';
import type { AndOr, Command, Sequence } from '../../shell/ast.ts';
import { settlePending } from './pending.ts';
import { line, type RunContext } from './run-context.ts';
import { type Ended, type Flow, flow, mergeShells, type Shell } from './shell-world.ts';
import { walk } from './walk.ts';

/** The world after a command whose status nobody looks at. */
export function goOn(result: Flow, context: RunContext, reason: Reason): Shell | undefined {
  if (!result.failure) return result.success ?? result.repaired;
  settlePending(result.failure, context, true);
  // A command that certainly fails and whose failure is swallowed: the build goes on without its effect.
  const failure = { ...result.failure, pending: [] };
  return mergeShells(result.success, failure, reason);
}

export function walkSequence(sequence: Sequence, start: Shell, context: RunContext, fatal: boolean): Flow {
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

export function walkAndOr(node: AndOr, shell: Shell, context: RunContext, fatal: boolean): Flow {
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
