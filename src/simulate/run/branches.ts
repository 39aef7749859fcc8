import type { Reason } from '../../facts/fact.ts';
import type { Case, If } from '../../shell/ast.ts';
import { Expander } from './expand.ts';
import { loopOnce } from './loops.ts';
import { settlePending } from './pending.ts';
import { line, type RunContext } from './run-context.ts';
import { type Ended, type Flow, flow, mergeShells, type Shell } from './shell-world.ts';
import { walk } from './walk.ts';

export function walkIf(node: If, start: Shell, context: RunContext, fatal: boolean): Flow {
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

export function walkCase(node: Case, start: Shell, context: RunContext, fatal: boolean): Flow {
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
