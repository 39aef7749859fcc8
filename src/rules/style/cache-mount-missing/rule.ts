import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'dependencies are installed without a cache mount',
  why: 'When a lock file changes its layer is lost, and everything is downloaded again. A cache mount outlives the layer: only what is new is fetched.',
  remedy:
    'RUN --mount=type=cache,target=/root/.npm npm ci (or /root/.cache/pip, /root/.cache/uv, /go/pkg/mod, /usr/local/cargo/registry).',
  proof: 'none',
  decides: 'always',
  *check(target) {
    // Advice: said once for a target, at the first install.
    for (const stage of target.trace.stages) {
      for (const step of stage.steps) {
        const install = installOf(step, false);
        const run = target.dockerfile.stages[stage.index]?.instructions[step.instruction];
        if (install === undefined || run?.keyword !== 'RUN' || run.mounts.length > 0) continue;
        yield claim({
          at: step.at,
          title: `${install.tool} has no cache mount: a changed lock file downloads everything again`,
          subject: install.tool,
          because: [{ kind: 'line', at: step.at, text: step.argv?.slice(0, 4).join(' ') ?? install.tool }],
        });
        return;
      }
    }
  },
});
