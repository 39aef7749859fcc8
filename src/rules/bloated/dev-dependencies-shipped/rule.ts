import { chainFact, type Fact, known, mapFact } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { StageTrace, Step } from '../../../simulate/trace.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import { type Install, installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the final image holds development dependencies',
  why: 'Test runners, linters and compilers are larger than most applications, and every one of them is something to patch and something to misuse.',
  remedy: 'Leave them out in the final stage: npm ci --omit=dev, uv sync --no-dev, poetry install --only main.',
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined || !isShipped(target) || service.stack.development) return;
    yield* each(finalStages(target), function* (stage) {
      const last = lastInstall(stage);
      if (last?.install.development !== 'installed') return;
      const found = yield* know(target.developmentDependencies(last.step, last.install.language));
      if (found === undefined) return;
      const { names, at } = found;
      // An image that starts the bundler's own server, or any other tool that is a development dependency, needs it.
      for (const other of sameImage(service)) if (yield* know(needsTools(other, names))) return;
      const words = last.step.argv?.join(' ');
      yield claim({
        at: last.step.at,
        title: `the final image holds the development dependencies: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
        subject: last.install.tool,
        because: [
          { kind: 'line', at: last.step.at, text: `${words} installs them too` },
          { kind: 'source', at, text: `they are listed here: ${names.slice(0, 5).join(', ')}` },
        ],
        fix: { safety: 'safe', title: 'leave them out of the final image', edits: [] },
      });
    });
  },
});

/** The last install of a stage, unless a later step may take out again what it brought. */
function lastInstall(stage: StageTrace): { readonly step: Step; readonly install: Install } | undefined {
  const last = stage.steps
    .flatMap((step) => {
      const environment = step.before.env.get('NODE_ENV');
      const install = installOf(step, environment?.known === true && environment.value === 'production');
      return install === undefined ? [] : [{ step, install }];
    })
    .at(-1);
  if (last === undefined) return undefined;
  const removed = stage.steps.some(
    (s) =>
      s.at.line >= last.step.at.line &&
      /^(npm prune|pnpm prune|yarn workspaces focus|rm )/.test(s.argv?.join(' ') ?? ''),
  );
  return removed ? undefined : last;
}

/** All services of the stack that run the image: one of them may be the development server. */
function sameImage(service: Service): readonly Service[] {
  return service.stack.services.filter((other) => other.target === service.target);
}

/** Whether the process is a development server, or is a tool of the development dependencies or started through one. */
function needsTools({ application }: Service, names: readonly string[]): Fact<boolean> {
  return chainFact(application, ({ launch }) => {
    const programs = [launch.argv[0], launch.program, ...launch.through.flatMap(({ text }) => text.split(' '))];
    return programs.some((name) => name !== undefined && names.includes(name.split('/').pop() ?? ''))
      ? known(true)
      : mapFact(launch.mode, (mode) => mode === 'development');
  });
}
