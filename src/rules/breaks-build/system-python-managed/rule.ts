import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: "pip installs into the distribution's own Python, which refuses",
  why: 'Debian 12, Ubuntu 23.04, Alpine 3.19 and later mark their Python as managed by the distribution (PEP 668). pip stops with "externally-managed-environment" unless it works in a virtual environment.',
  remedy:
    "Make a virtual environment (`python3 -m venv /opt/venv`) and put its bin folder on PATH, or install the distribution's package.",
  proof: 'engine',
  *check(target) {
    const lines = target.dockerfile.stages.flatMap((stage) => stage.instructions.map((i) => i.original));
    const lifted = lines.some((line) => /EXTERNALLY-MANAGED|config\s.*break-system|pip\.conf/.test(line));
    yield* brokenSteps(target, ['python-managed'], {
      undecided: () => (lifted ? 'the Dockerfile may take the mark EXTERNALLY-MANAGED away' : undefined),
      concerns: /^\s*RUN\b.*\bpip[\d.]*\s.*install/is,
    });
  },
});
