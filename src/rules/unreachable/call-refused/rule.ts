import { each, know } from '../../../facts/know.ts';
import { installedPython } from '../../../model/python-packages.ts';
import { besidePinned, takes } from '../../../model/python-release.ts';
import { reaches } from '../../../source/manifests/python-clause.ts';
import { REFUSED, type RefusedCall } from '../../../source/python/call-uses.ts';
import { claim, rule } from '../../rule.ts';
import { nothingInstalledAtStart } from '../../start-installs.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the code calls a library in a way that the installed release refuses each time',
  why: 'The process starts and its health check passes; what makes the call ends with an exception at every request. A requirement without an upper bound brings the newest release, for which the code (or another library) was not written.',
  remedy: 'Call it as the new release asks, or pin the last one that the code was written for.',
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const application = yield* know(service.application);
    const uses = application.callUses;
    if (uses.length === 0) return;
    const installed = yield* know(installedPython(target.trace));
    const fact = (yield* know(service.image)).languages.get('python');
    const python = fact?.known === true ? fact.value : undefined;
    const first = new Map([...uses].reverse().map((use) => [use.refused, use] as const));
    yield* each(first.values(), function* ({ refused, at }) {
      const row = REFUSED[refused];
      if (row === undefined || !besidePinned(installed, row)) return;
      const missing = installed.names.has(row.distribution) ? undefined : missingUnder(row, python);
      if (missing === undefined && !(yield* know(takes(installed, row, python)))) return;
      yield* know(nothingInstalledAtStart(service));
      const count = uses.filter((use) => use.refused === refused).length;
      yield claim({
        at,
        title: `${service.name} starts, but ${row.effect}: ${missing ?? row.text}`,
        subject: row.distribution,
        because: [
          { kind: 'source', at, text: count === 1 ? 'the call' : `one of ${count} such calls` },
          ...(installed.at === undefined
            ? []
            : [
                {
                  kind: 'line' as const,
                  at: installed.at,
                  text: missing ?? `brings ${row.distribution} ${row.from} or later`,
                },
              ]),
        ],
      });
    });
  },
});

function missingUnder({ missing }: RefusedCall, python: string | undefined): string | undefined {
  if (missing === undefined || python === undefined) return undefined;
  return reaches(`==${python}`, missing.python) === true ? missing.text : undefined;
}
