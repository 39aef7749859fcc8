import { known, unknown } from '../../facts/fact.ts';
import type { Group } from '../../shell/ast.ts';
import { Expander } from './expand.ts';
import { failing } from './failing.ts';
import { applyRedirects, orFails } from './redirect.ts';
import { writeSink } from './redirect-file.ts';
import { line, openStep, type RunContext } from './run-context.ts';
import { type Flow, flow, type Shell } from './shell-world.ts';

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
