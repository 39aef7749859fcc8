import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { compiledOnly } from '../../compiled-only.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { installedModules } from '../../installed-modules.ts';
import { resolver } from '../../resolvable-package.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the code loads a package that the install does not bring',
  why: 'Node ends with "Cannot find module" (ERR_MODULE_NOT_FOUND) as soon as it loads the import. On the machine of whoever wrote it the package is there: installed by hand, by another project in a folder above, or as a development dependency that the image leaves out.',
  remedy: 'Add it to `dependencies` of package.json (`npm install NAME`), and commit the lock file.',
  proof: 'engine',
  *check(service) {
    const { target, env } = service;
    const application = service.application.known ? service.application.value : undefined;
    if (target === undefined || application?.launch.language !== 'node') return;
    const { folder } = application;
    const mounts = mountTargets(service);
    if (env.has('NODE_PATH') || mounts.some((at) => at === undefined || isWithin(folder, at) || isWithin(at, folder)))
      return;
    const needs = (yield* know(application.needs)).filter(({ file }) => file === undefined);
    if (needs.length === 0) return;
    const modules = yield* know(installedModules(target, folder));
    const compiled = compiledOnly(application);
    if (compiled === 'bundled') return;
    if (compiled === 'unsure') yield* know(unknown('the build may put packages into its output'));
    const find = modules === 'none' ? () => 'none' as const : resolver(modules);
    if (find === undefined) return yield* know(unknown('the manifest of the install cannot be read'));
    yield* each(needs, function* ({ name, at, typed }) {
      const found = find(name);
      // A compiler would have stopped at a package that nobody declares.
      if (found === 'there' || (found === 'undeclared' && typed)) return;
      if (found === 'unsure') return yield* know(unknown(`another package may bring ${name}`));
      const why = WHY[found];
      yield claim({
        breaks: service.nodes.starts,
        at,
        hypothetical: target.trace.breaks.some(({ swallowed }) => !swallowed),
        title: `${service.name} loads ${name}, ${why}`,
        subject: name,
        because: [
          { kind: 'source', at, text: `the import of ${name}, which runs at start` },
          ...(modules === 'none'
            ? []
            : [{ kind: 'line' as const, at: modules.step.at, text: modules.step.argv?.join(' ') ?? '' }]),
        ],
      });
    });
  },
});

const WHY = {
  none: 'and no step brings node_modules into the image',
  undeclared: 'which package.json does not list',
  'left-out': 'a development dependency, and the install left those out',
} as const;
