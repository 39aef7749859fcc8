import { each, know } from '../../../facts/know.ts';
import { installedPython } from '../../../model/python-packages.ts';
import { besidePinned, takes } from '../../../model/python-release.ts';
import { RELEASES } from '../../../source/python/releases.ts';
import type { ProcessSource } from '../../../source/source.ts';
import { claim, rule } from '../../rule.ts';
import { nothingInstalledAtStart } from '../../start-installs.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the install takes a release that the code cannot be loaded with',
  why: 'A requirement without an upper bound, or a new lock, brings the newest release: names that were moved, arguments that were renamed and dependencies that are no longer brought end the process while it is loaded.',
  remedy: 'Pin the last version that the code was written for (and keep a lock file), or move to the new names.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const application = yield* know(service.application);
    const uses = broken(application);
    if (uses.length === 0) return;
    const installed = yield* know(installedPython(target.trace));
    const python = (yield* know(service.image)).languages.get('python');
    yield* each(uses, function* ({ release, at }) {
      if (release === undefined || !besidePinned(installed, release)) return;
      if (!(yield* know(takes(installed, release, python?.known === true ? python.value : undefined)))) return;
      yield* know(nothingInstalledAtStart(service));
      const clause = installed.clauses.get(release.distribution) ?? '';
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} is not loaded: ${release.text}`,
        subject: `${release.distribution} ${release.from}`,
        because: [
          { kind: 'source', at, text: release.text },
          ...(installed.at === undefined
            ? []
            : [
                {
                  kind: 'line' as const,
                  at: installed.at,
                  text: `installs ${release.distribution} ${clause || 'in its newest version'}`,
                },
              ]),
        ],
      });
    });
  },
});

/** Uses in code, and the drivers that URLs ask for, with the release that each does not survive. */
function broken(application: ProcessSource) {
  const drivers = application.pythonNeeds.map(({ anyOf, at }) => ({
    release: RELEASES.find(({ uses }) => 'need' in uses && uses.need === anyOf.join()),
    at,
  }));
  const uses = application.releaseUses.map(({ release, at }) => ({ release: RELEASES[release], at }));
  return [...uses, ...drivers].filter(({ release }) => release !== undefined);
}
