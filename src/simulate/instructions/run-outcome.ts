import type { RunInstruction } from '../../dockerfile/types.ts';
import type { Reason } from '../../facts/fact.ts';
import type { SimulatedImage } from '../image.ts';
import { settlePending } from '../run/pending.ts';
import { openStep, type RunContext } from '../run/run-context.ts';
import type { Flow, Shell } from '../run/shell-world.ts';
import { refuse, type StageWalk } from './stage-walk.ts';

/** What the step leaves, and whether the build stops here. */
export function settle(
  walk: StageWalk,
  instruction: RunInstruction,
  result: Flow,
  context: RunContext,
  reason: Reason,
  start: Shell,
): SimulatedImage {
  if (result.failure && result.success) walk.build.mayFail = true;
  if (result.success) return result.success.image;
  const { failure } = result;
  if (!failure) return (result.repaired ?? start).image;
  const { build } = walk;
  const open = failure.pending.filter((item) => !context.settled.has(item));
  if (open.length > 0) settlePending(failure, context, false);
  else if (failure.certain && !start.hypothetical && context.settled.size === 0) {
    const last = context.steps.at(-1);
    const text = 'the last command of the step fails, so the build stops';
    const at = last?.at ?? instruction.place;
    const subject = last?.argv?.join(' ') ?? instruction.keyword;
    const item = refuse(walk, {
      kind: 'other',
      at,
      subject,
      text,
      because: [reason],
      says: 'did not complete successfully',
    });
    last?.breaks.push(item);
    context.settled.add({
      failure: { ...item },
      step: last ?? openStep(context, at, start.image, start.image, {}),
      hypothetical: false,
    });
  }
  build.broken = true;
  return (result.repaired ?? failure).image;
}
