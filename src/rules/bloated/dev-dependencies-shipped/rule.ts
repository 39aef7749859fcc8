import { each, know } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import { finalStages } from '../../final-stages.ts';
import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'the final image holds development dependencies',
  why: 'Test runners, linters and compilers are larger than most applications, and every one of them is something to patch and something to misuse.',
  remedy: 'Leave them out in the final stage: npm ci --omit=dev, uv sync --no-dev, poetry install --only main.',
  proof: 'none',
  *check(target) {
    if (target.development || startsDevelopmentServer(target)) return;
    yield* each(finalStages(target), function* (stage) {
      const installs = stage.steps.flatMap((step) => {
        const environment = step.before.env.get('NODE_ENV');
        const install = installOf(step, environment?.known === true && environment.value === 'production');
        return install === undefined ? [] : [{ step, install }];
      });
      const last = installs.at(-1);
      if (last?.install.development !== 'installed') return;
      // A later step may take them out again.
      if (
        stage.steps.some(
          (s) =>
            s.at.line >= last.step.at.line &&
            /^(npm prune|pnpm prune|yarn workspaces focus|rm )/.test(s.argv?.join(' ') ?? ''),
        )
      )
        return;
      const development = yield* know(target.developmentDependencies(last.step, last.install.language));
      if (development === undefined) return;
      yield claim({
        at: last.step.at,
        title: `the final image holds the development dependencies: ${development.names.slice(0, 3).join(', ')}${development.names.length > 3 ? ` and ${development.names.length - 3} more` : ''}`,
        subject: last.install.tool,
        because: [
          { kind: 'line', at: last.step.at, text: `${last.step.argv?.join(' ')} installs them too` },
          {
            kind: 'source',
            at: development.at,
            text: `they are listed here: ${development.names.slice(0, 5).join(', ')}`,
          },
        ],
        fix: { safety: 'safe', title: 'leave them out of the final image', edits: [] },
      });
    });
  },
});

/** `npm run dev`, `ng serve` and like: such an image needs what it serves with. */
function startsDevelopmentServer({ trace }: BuildTarget): boolean {
  const words = [trace.final.entrypoint, trace.final.cmd].flatMap((c) =>
    c.known && c.value !== null ? c.value.argv : [],
  );
  return /\b(run (dev|serve|watch|develop)|yarn (dev|serve|develop)|pnpm (dev|serve)|start[:-](dev|watch)|start-watch|ng serve|vite|nodemon|react-scripts start|vue-cli-service serve|webpack[- ](dev-server|serve)|next dev)\b/.test(
    words.join(' '),
  );
}
