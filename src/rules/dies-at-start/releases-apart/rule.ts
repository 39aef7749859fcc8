import { each, know } from '../../../facts/know.ts';
import { installedPython } from '../../../model/python-packages.ts';
import { takes } from '../../../model/python-release.ts';
import { reaches } from '../../../source/manifests/python-clause.ts';
import { PAIRS, type Pair } from '../../../source/python/pairs.ts';
import type { ProcessSource } from '../../../source/source.ts';
import type { Place } from '../../../text/place.ts';
import { claim, rule } from '../../rule.ts';
import { nothingInstalledAtStart } from '../../start-installs.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a pinned library does not fit the release of another one that is installed beside it',
  why: 'Requirements pin one library and leave those that it needs open: pip takes their newest releases, in which a name is gone or the compiled form has changed. The import ends with an exception, and the process with it.',
  remedy: 'Move the pinned one on, or pin the other as well; a lock file keeps the set that was tried.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const application = yield* know(service.application);
    const loaded = PAIRS.flatMap((pair) => loadedAt(application, pair));
    if (loaded.length === 0) return;
    const installed = yield* know(installedPython(target.trace));
    const bound = loaded.filter(({ pair }) => pinned(installed.clauses.get(pair.distribution), pair));
    if (bound.length === 0) return;
    const python = (yield* know(service.image)).languages.get('python');
    const version = python === undefined ? undefined : yield* know(python);
    yield* each(bound, function* ({ pair, at }) {
      if (version === undefined || !under(version, pair)) return;
      // The old release asks for the other one, whatever newer ones do.
      const all = { ...installed, names: new Set([...installed.names, pair.other?.distribution ?? '']) };
      if (pair.other && !(yield* know(takes(all, pair.other, version, pair.distribution)))) return;
      yield* know(nothingInstalledAtStart(service));
      const place = at ?? installed.at ?? service.at;
      const clause = `${pair.distribution} ${installed.clauses.get(pair.distribution) ?? ''}`.trim();
      yield claim({
        breaks: service.nodes.starts,
        at: place,
        title: `${service.name} is not loaded: ${pair.text}`,
        subject: `${pair.distribution} ${pair.other?.distribution ?? 'python'}`,
        because: [
          { kind: 'source', at: place, text: `${pair.imports} is loaded when it starts` },
          ...(installed.at === undefined
            ? []
            : [{ kind: 'line' as const, at: installed.at, text: `installs ${clause}` }]),
        ],
      });
    });
  },
});

/** Where it is imported for certain while the process starts; undefined place: it is the program that is started. */
function loadedAt(
  application: ProcessSource,
  pair: Pair,
): readonly { readonly pair: Pair; readonly at: Place | undefined }[] {
  if (application.launch.program === pair.imports) return [{ pair, at: undefined }];
  const text = new RegExp(`^imports ${pair.imports.replace('.', '\\.')}(\\.|$)`);
  const need = application.pythonNeeds.find((one) => text.test(one.text));
  return need === undefined ? [] : [{ pair, at: need.at }];
}

/** Asked for by name, in a version below the one that mends it. */
function pinned(clause: string | undefined, { below, since }: Pair): boolean {
  if (clause === undefined || (since !== undefined && reaches(clause, since) !== true)) return false;
  return below === undefined || reaches(clause, below) === false;
}

function under(version: string, { pythonFrom, pythonBelow }: Pair): boolean {
  const at = `==${version}`;
  if (pythonFrom !== undefined && reaches(at, pythonFrom) !== true) return false;
  return pythonBelow === undefined || reaches(at, pythonBelow) === false;
}
