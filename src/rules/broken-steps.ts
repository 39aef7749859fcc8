import { each } from '../facts/know.ts';
import type { BuildTarget, NodeId } from '../model/types.ts';
import type { Break, BreakKind } from '../simulate/trace.ts';
import type { Fix } from './finding.ts';
import { type Check, claim } from './rule.ts';

/** The steps of a target at which the engine stops for one of these reasons, each as a claim of its own.
 * Steps whose failure the shell swallows do not stop a build: another rule tells of them. */
export function* brokenSteps(
  target: BuildTarget,
  kinds: readonly BreakKind[],
  words: { readonly title?: (broken: Break) => string; readonly fix?: (broken: Break) => Fix | undefined } = {},
): Check {
  const found = target.trace.breaks.filter((b) => kinds.includes(b.kind) && !b.swallowed);
  yield* each(found, function* (broken) {
    const fix = words.fix?.(broken);
    yield claim({
      breaks: builtNode(target),
      at: broken.at,
      title: words.title?.(broken) ?? broken.text,
      subject: broken.subject,
      because: broken.because,
      hypothetical: broken.hypothetical,
      ...(fix === undefined ? {} : { fix }),
    });
  });
}

export function builtNode(target: BuildTarget): NodeId {
  return `built:${target.id}`;
}
