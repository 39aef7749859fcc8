import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { For, While } from '../../shell/ast.ts';
import { overBudget } from './budget.ts';
import { Expander } from './expand.ts';
import { goOn } from './lists.ts';
import { settlePending } from './pending.ts';
import { line, type RunContext } from './run-context.ts';
import { type Ended, type Flow, flow, mergeShells, type Shell, setVariable } from './shell-world.ts';
import { walk } from './walk.ts';

/** Loops over known words are unrolled up to this many rounds. */
const MOST_ROUNDS = 500;

export function walkFor(node: For, start: Shell, context: RunContext, fatal: boolean): Flow {
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
export function loopOnce(
  result: Flow,
  before: Shell,
  context: RunContext,
  reason: Reason,
  more: readonly Ended[] = [],
): Flow {
  const left = result.ended.filter((end) => end.how === 'exit' || end.how === 'return');
  const loops = result.ended.filter((end) => end.how === 'break' || end.how === 'continue');
  let after = goOn(result, context, reason);
  for (const end of loops) after = mergeShells(after, end.shell, reason);
  const merged = mergeShells(before, after, reason) ?? before;
  const world = { ...merged, certain: before.certain, pending: [], status: undefined };
  return flow({ success: world, failure: world, ended: [...more, ...left] });
}

/** Rounds of a loop whose condition is known each time: arguments that are taken off one by one. */
const MOST_TURNS = 60;

export function walkWhile(node: While, start: Shell, context: RunContext): Flow {
  const reason = line(context, node.span, 'it depends on a loop');
  let shell = start;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const test = walk(node.test, { ...shell, condition: true }, context, false);
    if (test.failure) settlePending(test.failure, context, true);
    const [enter, leave] = node.until ? [test.failure, test.success] : [test.success, test.failure];
    if (!enter)
      return flow({
        success: leave ? { ...leave, pending: [], status: 0, condition: start.condition } : undefined,
        ended: test.ended,
      });
    const out = { ...(leave ?? enter), pending: [], certain: start.certain, condition: start.condition };
    const sure = leave === undefined && test.ended.length === 0 && takesArguments(shell, node, context);
    if (!sure)
      return anyRounds(node, { ...enter, pending: [], condition: start.condition }, out, test.ended, context, reason);
    const body = walk(node.body, { ...enter, pending: [], condition: start.condition }, context, false);
    if (body.success === undefined || body.failure !== undefined || body.ended.length > 0)
      return anyRounds(node, { ...enter, pending: [], condition: start.condition }, out, test.ended, context, reason);
    shell = body.success;
  }
  return anyRounds(node, shell, shell, [], context, reason);
}

/** Only arguments that are all known, and that the loop takes off, make its rounds known; others wait for something. */
function takesArguments(shell: Shell, node: While, context: RunContext): boolean {
  return shell.positional.known && /\bshift\b/.test(context.text.slice(node.span.start, node.span.end));
}

/** A body that runs any number of times. What a round leaves is where the next begins: a second round sees it. */
function anyRounds(
  node: While,
  enter: Shell,
  out: Shell,
  more: readonly Ended[],
  context: RunContext,
  reason: Reason,
): Flow {
  const first = walk(node.body, { ...enter, certain: false }, context, false);
  const after = goOn(first, context, reason);
  const again = after === undefined ? undefined : mergeShells({ ...enter, certain: false }, after, reason);
  const body =
    again === undefined || same(enter, again)
      ? first
      : walk(node.body, { ...again, certain: false, pending: [] }, context, false);
  const ended = body === first ? first.ended : [...first.ended, ...body.ended];
  return loopOnce({ ...body, ended: [...ended, ...more] }, out, context, reason);
}

/** Whether a round has changed nothing that steers the next. */
function same(a: Shell, b: Shell): boolean {
  return a.variables === b.variables && a.positional === b.positional;
}
