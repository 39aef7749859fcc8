import { type Reason, unknown } from '../facts/fact.ts';
import { each, know } from '../facts/know.ts';
import type { BuildTarget, NodeId } from '../model/types.ts';
import type { Break, BreakKind } from '../simulate/trace.ts';
import type { Place } from '../text/place.ts';
import type { Fix, Severity } from './finding.ts';
import { type Check, claim } from './rule.ts';

export interface BrokenWords {
  /** Only these of the breaks. */
  readonly when?: (broken: Break) => boolean;
  /** Why it cannot be said after all that it breaks. */
  readonly undecided?: (broken: Break) => string | undefined;
  /** Where the finding stands, when not at the step. */
  readonly at?: (broken: Break) => Place;
  /** Causes, when not those of the break alone. */
  readonly because?: (broken: Break) => readonly Reason[];
  readonly title?: (broken: Break) => string;
  /** Where it is not that of the rule. */
  readonly severity?: (broken: Break) => Severity | undefined;
  readonly fix?: (broken: Break) => Fix | undefined;
  /** The instructions that can fail in this way, by their text: where one of them could not be followed, it is undecided. */
  readonly concerns?: RegExp;
}

/** The steps of a target at which the engine stops for one of these reasons, each as a claim of its own.
 * Steps whose failure the shell swallows do not stop a build: another rule tells of them. What cannot be known is undecided. */
export function* brokenSteps(target: BuildTarget, kinds: readonly BreakKind[], words: BrokenWords = {}): Check {
  const found = target.trace.breaks.filter(
    (b, index, all) =>
      kinds.includes(b.kind) &&
      !b.swallowed &&
      words.when?.(b) !== false &&
      !(
        (isNowhere(target, b) || b.kind === 'toolchain-mismatch') &&
        all.slice(0, index).some((e) => e.kind === b.kind && e.subject === b.subject)
      ),
  );
  yield* each(found, function* (broken) {
    const open = words.undecided?.(broken) ?? otherContext(target, broken);
    if (open !== undefined) yield* know(unknown(open, ...broken.because));
    const fix = words.fix?.(broken);
    const severity = words.severity?.(broken);
    yield claim({
      breaks: builtNode(target),
      at: words.at?.(broken) ?? broken.at,
      title: words.title?.(broken) ?? broken.text,
      subject: broken.subject,
      because: words.because?.(broken) ?? broken.because,
      hypothetical: broken.hypothetical,
      ...(fix === undefined ? {} : { fix }),
      ...(severity === undefined ? {} : { severity }),
    });
  });
  const doubt = words.concerns === undefined ? undefined : doubtOf(target, words.concerns);
  if (doubt !== undefined) yield* know(unknown(doubt.text, doubt));
}

/** Whether an installer misses what the context does not have at all: each later install fails with the same cause. */
function isNowhere({ repo, context }: BuildTarget, { kind, subject }: Break): boolean {
  if (kind !== 'manifest-missing' && kind !== 'lockfile-missing') return false;
  const name = subject.slice(subject.lastIndexOf('/') + 1);
  return repo.entry(context.dir === '' ? name : `${context.dir}/${name}`) === undefined;
}

/** A source that is absent in a guessed context but lies in a folder above the Dockerfile: that folder is the context that is meant. */
function otherContext(target: BuildTarget, broken: Break): string | undefined {
  if (!target.contextGuessed) return undefined;
  const written = broken.detail['path'] ?? broken.subject;
  // What an installer misses stands in a folder of the image: its name alone tells where another context has it.
  const path =
    broken.kind === 'lockfile-missing' || broken.kind === 'manifest-missing'
      ? written.slice(written.lastIndexOf('/') + 1)
      : broken.kind.startsWith('copy-source')
        ? written.replace(/^[./]+/, '').replace(/[*?[].*$/, '')
        : '';
  if (path === '') return undefined;
  const parts = target.dockerfile.file.split('/').slice(0, -1);
  for (let length = parts.length; length >= 0; length--) {
    const folder = parts.slice(0, length).join('/');
    const entry = target.repo.entry(folder === '' ? path : `${folder}/${path}`);
    if (entry !== undefined && folder !== target.context.dir)
      return `the context may be ${folder === '' ? 'the root of the repository' : folder}, where ${path} lies`;
  }
  return undefined;
}

/** Why the first instruction of this kind that could not be followed could not: itself, or the base it stands on.
 * A command that is not modelled is there and has ended well as far as other commands go: it concerns itself only. */
function doubtOf(target: BuildTarget, concerns: RegExp): Reason | undefined {
  const reasons = target.trace.undecided.filter((r): r is Extract<Reason, { at: Place }> => 'at' in r);
  if (reasons.length === 0) return undefined;
  for (const { index } of target.trace.stages) {
    const stage = target.dockerfile.stages[index];
    const own = stage?.instructions.filter((i) => concerns.test(i.original)).map((i) => i.place) ?? [];
    if (stage === undefined || own.length === 0) continue;
    const found = reasons.find((r) =>
      /is not modelled$/.test(r.text)
        ? own.some((place) => overlaps(r.at, place)) && concerns.test(`RUN ${r.text}`)
        : [...own, stage.from.place].some((place) => overlaps(r.at, place)),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function overlaps(a: Place, b: Place): boolean {
  return a.file === b.file && a.line <= b.endLine && b.line <= a.endLine;
}

/** The ignore pattern among the causes of a break. */
export function ignorePattern(broken: Break): Extract<Reason, { at: Place }> | undefined {
  const found = broken.because.find((reason) => reason.kind === 'ignore-pattern');
  return found !== undefined && 'at' in found ? found : undefined;
}

export function builtNode(target: BuildTarget): NodeId {
  return `built:${target.id}`;
}
