import type { Command } from '../../shell/ast.ts';
import { doubtShell } from './doubt.ts';
import { line, type RunContext } from './run-context.ts';
import type { Flow, Shell } from './shell-world.ts';

/** Something ran of which only its reach is known. */
export function unmodelled(command: Command, shell: Shell, context: RunContext, why: string): Flow {
  const after = doubtShell(shell, context, line(context, command.span, why), context.place(command.span), {});
  return { success: after, failure: { ...after, status: undefined }, ended: [] };
}

export function overBudget(command: Command, shell: Shell, context: RunContext): Flow {
  // Once said, everything is in doubt already.
  if (context.budget.commands < -1_000_000) return { success: shell, ended: [] };
  context.budget.commands = -2_000_000;
  const why = 'there are more commands than Plimsoll follows';
  const reason = line(context, command.span, why);
  const at = context.place(command.span);
  return { success: doubtShell(shell, context, reason, at, {}), ended: [] };
}
