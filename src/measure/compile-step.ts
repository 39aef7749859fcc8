import type { BuildReport, BuildStep } from '../engine/build-log.ts';

/** Commands that fetch dependencies, by the tool that does it. */
const installers: readonly RegExp[] = [
  /\b(npm (ci|i|install)|pnpm (i|install)|bun install|yarn( install)?(\s+--|\s*$|\s*(&&|;)))/,
  /\b(pip3? install|uv (sync|pip)|poetry install|pipenv (sync|install)|pdm (sync|install))\b/,
  /\b(apt-get|apt|apk|dnf|microdnf|yum) /,
  /\bgo mod download\b/,
  /\bcargo fetch\b/,
  /\bbundle install\b/,
  /\bcomposer install\b/,
];

/** The project's own compile steps of a build: every RUN that really ran, but for one that fetches dependencies. Such a one is
 * the project's own only where the same tool's step before it came from the cache: then it installs the project itself. */
export function ownSteps(report: BuildReport): BuildStep[] {
  const runs = report.steps.filter((step) => /^\[[^\]]*\] RUN /.test(step.name));
  return runs.filter((step) => {
    if (step.cached || step.during === undefined) return false;
    const tools = installers.filter((tool) => tool.test(step.name));
    return tools.every((tool) => runs.some((other) => other.cached && tool.test(other.name)));
  });
}

/** Seconds in which at least one of these steps was at work: steps of different stages run side by side. */
export function secondsOf(steps: readonly BuildStep[]): number {
  const spans = steps.flatMap((step) => (step.during === undefined ? [] : [step.during])).sort((a, b) => a[0] - b[0]);
  let [sum, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of spans) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum / 1000;
}

/** A step's name without the id that a proof gives to its cache mounts. */
export function stepName(step: BuildStep): string {
  return step.name.replace(/id=plimsoll-[^,\s]*,/g, '').replace(/\s+/g, ' ');
}
