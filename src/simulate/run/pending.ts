import type { Failure } from '../command-model.ts';
import type { Break } from '../trace.ts';
import type { RunContext } from './run-context.ts';
import type { Shell } from './shell-world.ts';

/** A break out of a failure. */
export function toBreak(failure: Failure, hypothetical: boolean, swallowed: boolean): Break {
  return {
    kind: failure.kind,
    at: failure.at,
    subject: failure.subject,
    text: failure.text,
    because: failure.because,
    ...(failure.says === undefined ? {} : { says: failure.says }),
    hypothetical,
    swallowed,
    detail: failure.detail ?? {},
  };
}

/** The consequence of a failure is decided: it is written down as a break. `swallowed`: the build goes on. */
export function settlePending(shell: Shell, context: RunContext, swallowed: boolean): void {
  for (const pending of shell.pending) {
    if (context.settled.has(pending)) continue;
    context.settled.add(pending);
    const item = toBreak(pending.failure, pending.hypothetical, swallowed);
    pending.step.breaks.push(item);
    context.broke(item);
  }
}
