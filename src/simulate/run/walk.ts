import type { Command } from '../../shell/ast.ts';
import { walkCase, walkIf } from './branches.ts';
import { overBudget, unmodelled } from './budget.ts';
import { walkAndOr, walkSequence } from './lists.ts';
import { walkFor, walkWhile } from './loops.ts';
import { walkGroup, walkPipeline } from './pipelines.ts';
import type { RunContext } from './run-context.ts';
import type { Flow, Shell } from './shell-world.ts';
import { runSimple } from './simple.ts';
import { testCommand } from './test-command.ts';

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
