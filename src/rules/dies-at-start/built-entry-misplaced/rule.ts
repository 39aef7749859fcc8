import { know } from '../../../facts/know.ts';
import { misplacedEntry } from '../../built-entry.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the command runs a compiled file where the compiler does not put it',
  why: 'Without `rootDir`, TypeScript (before 6) keeps in the output what all compiled files have in common: one file outside src (prisma/seed.ts, a test, a config) and `dist/main.js` becomes `dist/src/main.js`. Node ends with "Cannot find module".',
  remedy:
    'Set `rootDir` to src and leave the other files out of the build (tsconfig.build.json), or run the file where it lands.',
  proof: 'engine',
  *check(service) {
    const application = service.application.known ? service.application.value : undefined;
    if (service.target === undefined || application?.launch.language !== 'node') return;
    if (application.launch.entry?.file === undefined || application.launch.entry.kind !== 'file') return;
    const process = yield* know(service.process);
    const found = yield* know(misplacedEntry(application, service.target.repo));
    if (found === undefined) return;
    const { runs, made, source, beside } = found;
    if (mountTargets(service).some((at) => at === undefined || isWithin(runs, at))) return;
    yield claim({
      breaks: service.nodes.starts,
      hypothetical: service.target.trace.breaks.some((found) => !found.swallowed),
      at: process.at,
      title: `${service.name} runs ${runs}, but ${source} is compiled to ${made}`,
      subject: runs,
      because: [
        { kind: 'line', at: process.at, text: `the command starts ${application.launch.entry.written}` },
        ...(beside === undefined
          ? []
          : [
              {
                kind: 'source' as const,
                at: { file: beside, line: 1, column: 1, endLine: 1, endColumn: 1 },
                text: `${beside} is compiled too: the output keeps the folders that both have in common`,
              },
            ]),
      ],
    });
  },
});
