import type { BuildOutcome } from '../engine/engine.ts';
import { failure, succeeded } from '../engine/outcome.ts';
import { ownSteps, secondsOf, stepName } from './compile-step.ts';
import { measured, median, notMeasured, type Row } from './row.ts';

/** Whether an image builds, in the engine's words where it does not. */
export function buildsRow(outcome: BuildOutcome, service: string): Row {
  if (succeeded(outcome)) {
    return measured('image.builds', true, `built in ${outcome.seconds.toFixed(1)} s`, outcome, service);
  }
  if (outcome.ended === 'aborted' || outcome.ended === 'not-started') {
    return notMeasured('image.builds', outcome.fault ?? 'the build was stopped', service, outcome);
  }
  const missing = unavailableBase(outcome);
  if (missing !== undefined) return notMeasured('image.builds', missing, service, outcome);
  return measured('image.builds', false, buildFailure(outcome), outcome, service);
}

/** `Dockerfile:12: …` with the last line the failing step printed. */
export function buildFailure(outcome: BuildOutcome): string {
  const error = outcome.report.error;
  if (outcome.ended === 'time-limit') {
    const busy = outcome.report.steps.filter((step) => step.running === true && !step.internal).map(stepName);
    return `${failure(outcome)}${busy.length === 0 ? '' : `; it was still at ${busy.join(', ')}`}`;
  }
  if (error === undefined) return failure(outcome, 2);
  const place = error.file === undefined ? '' : `${error.file}:${error.line ?? '?'}: `;
  const said = lastWords(error.log);
  return `${place}${error.text}${said === '' ? '' : ` (${said})`}`;
}

const telling =
  /error|fail|not found|no such|denied|cannot|can't|unable|invalid|missing|required|unknown|refused|ERR!|E:/i;

/** The line of an output that says why, else the last one. */
export function lastWords(lines: readonly string[]): string {
  const cleaned = lines.map((line) => line.trim()).filter((line) => line !== '');
  const found = cleaned.findLast((line) => telling.test(line) && !/complete log of this run/i.test(line));
  return (found ?? cleaned.at(-1) ?? '').slice(0, 300);
}

/** Seconds and steps cached of rebuilds. */
export function rebuildRows(
  measure: 'build.noChange' | 'build.codeChange' | 'build.dependencyChange',
  outcomes: readonly BuildOutcome[],
  service: string,
  what: string,
): Row[] {
  const good = outcomes.filter(succeeded);
  const last = good.at(-1);
  if (last === undefined) {
    const bad = outcomes.at(-1);
    const why = bad === undefined ? 'was not run' : `the rebuild failed: ${buildFailure(bad)}`;
    return [notMeasured(measure, why, service, bad), notMeasured(`${measure}.cached`, why, service, bad)];
  }
  const { cached, total, steps } = last.report;
  const slowest = [...steps].filter((step) => !step.internal && !step.cached).sort((a, b) => b.seconds - a.seconds)[0];
  const busy =
    slowest === undefined
      ? 'nothing ran again'
      : `longest step: ${stepName(slowest)} (${slowest.seconds.toFixed(1)} s)`;
  return [
    measured(
      measure,
      good.map((outcome) => outcome.seconds),
      `${what}; ${busy}`,
      last,
      service,
    ),
    measured(
      `${measure}.cached`,
      `${cached} of ${total}`,
      `${what}; ${cached} of ${total} steps came from the cache`,
      last,
      service,
    ),
  ];
}

/** How much longer than a rebuild with nothing changed a code change takes, the project's own compile steps apart. Each sample
 * is one changed line; both numbers stand in the text. */
export function overheadRow(
  noChange: readonly BuildOutcome[],
  codeChange: readonly BuildOutcome[],
  service: string,
): Row {
  const [same, changed] = [noChange.filter(succeeded), codeChange.filter(succeeded)];
  const last = changed.at(-1);
  const base = median(same.map((outcome) => outcome.seconds));
  if (last === undefined || same.length === 0 || base <= 0)
    return notMeasured('build.codeChange.overhead', 'one of the two rebuilds was not measured', service);
  const own = changed.map((outcome) => secondsOf(ownSteps(outcome.report)));
  const ratios = changed.map((outcome, index) => Math.max(0, outcome.seconds - (own[index] ?? 0)) / base);
  const steps = ownSteps(last.report).map((step) => stepName(step).replace(/^.*\] RUN (--\S+ )*/, ''));
  const whole = `${median(changed.map((outcome) => outcome.seconds)).toFixed(2)} s`;
  const part = steps.length === 0 ? 'no compile step' : `of it ${median(own).toFixed(2)} s in ${steps.join(', ')}`;
  const text = `${whole}, ${part}; nothing changed: ${base.toFixed(2)} s`;
  return measured('build.codeChange.overhead', ratios, text, last, service);
}

/** A base image that no registry this engine reaches has says nothing about the Dockerfile. Undefined: something else failed. */
export function unavailableBase(outcome: BuildOutcome): string | undefined {
  const said = `${buildFailure(outcome)}\n${outcome.stderr}\n${outcome.stdout}`;
  const name =
    /([\w.:/@-]+): failed to resolve source metadata for [\w.:/@-]+: (?:[\w.:/@-]+: )?(?:not found|failed to do request|pull access denied)/.exec(
      said,
    )?.[1];
  return name === undefined ? undefined : `the base image ${name} is not to be had from this engine`;
}
