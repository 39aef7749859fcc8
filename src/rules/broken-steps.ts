import { type Reason, unknown } from '../facts/fact.ts';
import { each, know } from '../facts/know.ts';
import type { BuildTarget, NodeId } from '../model/types.ts';
import type { Break, BreakKind } from '../simulate/trace.ts';
import type { Place } from '../text/place.ts';
import type { Fix } from './finding.ts';
import { type Check, claim } from './rule.ts';

export interface BrokenWords {
  /** Only these of the breaks. */
  readonly when?: (broken: Break) => boolean;
  /** Why it cannot be said after all that it breaks. */
  readonly undecided?: (broken: Break) => string | undefined;
  /** Where the finding stands, when not at the step. */
  readonly at?: (broken: Break) => Place;
  readonly title?: (broken: Break) => string;
  readonly fix?: (broken: Break) => Fix | undefined;
}

/** The steps of a target at which the engine stops for one of these reasons, each as a claim of its own.
 * Steps whose failure the shell swallows do not stop a build: another rule tells of them. What cannot be known is undecided. */
export function* brokenSteps(target: BuildTarget, kinds: readonly BreakKind[], words: BrokenWords = {}): Check {
  const found = target.trace.breaks.filter((b) => kinds.includes(b.kind) && !b.swallowed && words.when?.(b) !== false);
  yield* each(found, function* (broken) {
    const open = words.undecided?.(broken);
    if (open !== undefined) yield* know(unknown(open, ...broken.because));
    const fix = words.fix?.(broken);
    yield claim({
      breaks: builtNode(target),
      at: words.at?.(broken) ?? broken.at,
      title: words.title?.(broken) ?? broken.text,
      subject: broken.subject,
      because: broken.because,
      hypothetical: broken.hypothetical,
      ...(fix === undefined ? {} : { fix }),
    });
  });
}

/** The ignore pattern among the causes of a break. */
export function ignorePattern(broken: Break): Extract<Reason, { at: Place }> | undefined {
  const found = broken.because.find((reason) => reason.kind === 'ignore-pattern');
  return found !== undefined && 'at' in found ? found : undefined;
}

export function builtNode(target: BuildTarget): NodeId {
  return `built:${target.id}`;
}
