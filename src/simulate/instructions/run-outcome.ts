import type { RunInstruction } from '../../dockerfile/types.ts';
import type { Reason } from '../../facts/fact.ts';
import type { SimulatedImage } from '../image.ts';
import { settlePending } from '../run/pending.ts';
import { openStep, type RunContext } from '../run/run-context.ts';
import type { Flow, Shell } from '../run/shell-world.ts';
import type { Break } from '../trace.ts';
import { refuse, type StageWalk } from './stage-walk.ts';

/** What the step leaves, and whether the build stops here. */
export function settle(
  walk: StageWalk,
  instruction: RunInstruction,
  result: Flow,
  context: RunContext,
  reason: Reason,
  start: Shell,
  breaks: Break[],
): SimulatedImage {
  if (result.failure && result.success) walk.build.mayFail = true;
  if (result.success) return result.success.image;
  const { failure } = result;
  if (!failure) return (result.repaired ?? start).image;
  const { build } = walk;
  const open = failure.pending.filter((item) => !context.settled.has(item));
  if (open.length > 0) settlePending(failure, context, false);
  else if (failure.certain && givenUp(context.steps, [breaks, build.breaks])) {
    // Said: what the shell passed on with `|| exit 1` is why the build stops.
  } else if (failure.certain && !start.hypothetical && context.settled.size === 0) {
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

/** `cp a b || { echo no; exit 1; }`: the failure before the shell gives up stops the build after all. */
function givenUp(steps: RunContext['steps'], lists: readonly Break[][]): boolean {
  const at = steps.findLastIndex((step) => step.breaks.length > 0);
  const step = steps[at];
  const item = step?.breaks.at(-1);
  const after = steps.slice(at + 1).map((later) => later.argv?.[0]);
  if (step === undefined || item?.swallowed !== true || !after.some((name) => name === 'exit' || name === 'false'))
    return false;
  if (!after.every((name) => /^(exit|false|echo|printf)$/.test(name ?? ''))) return false;
  const stopped = { ...item, swallowed: false };
  step.breaks[step.breaks.length - 1] = stopped;
  for (const list of lists) list.splice(list.indexOf(item), 1, stopped);
  return true;
}
