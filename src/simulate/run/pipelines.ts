import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Group, Pipeline } from '../../shell/ast.ts';
import { settlePending } from './pending.ts';
import { redirectGroup } from './redirect-group.ts';
import { line, type RunContext } from './run-context.ts';
import { type Flow, flow, mergeShells, type Shell } from './shell-world.ts';
import { walk } from './walk.ts';

export function walkPipeline(node: Pipeline, shell: Shell, context: RunContext, fatal: boolean): Flow {
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

export function walkGroup(node: Group, shell: Shell, context: RunContext, fatal: boolean): Flow {
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
