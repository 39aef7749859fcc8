import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { keepsAliases } from '../../path-aliases.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'compiled code still imports by an alias of tsconfig.json',
  why: '`paths` and `baseUrl` of tsconfig.json are for the type checker: tsc writes `@/config` into its output as it stands, and Node looks for a package of that name ("Cannot find module"). ts-node, tsx and bundlers hide it on the machine of whoever wrote it.',
  remedy:
    'Run tsc-alias after tsc, use `imports` of package.json (`#config`), or start with `-r tsconfig-paths/register` and paths of the output.',
  proof: 'engine',
  *check(service) {
    const { target, env } = service;
    const application = service.application.known ? service.application.value : undefined;
    if (target === undefined || application?.launch.language !== 'node') return;
    const kept = keepsAliases(application);
    if (env.has('NODE_PATH') || env.has('NODE_OPTIONS') || kept === 'no') return;
    const needs = yield* know(application.needs);
    // Either of these teaches Node the aliases.
    if (needs.some(({ name }) => /^(module-alias|tsconfig-paths|app-module-path)(\/|$)/.test(name))) return;
    const { folder } = application;
    const found = needs.find(({ file, name }) => file !== undefined && isWithin(file, folder) && !declared(name));
    if (
      found === undefined ||
      mountTargets(service).some((at) => at === undefined || isWithin(folder, at) || isWithin(at, folder))
    )
      return;
    if (kept === 'unsure') yield* know(unknown('what compiles the code is not known'));
    yield claim({
      breaks: service.nodes.starts,
      at: found.at,
      hypothetical: target.trace.breaks.some(({ swallowed }) => !swallowed),
      title: `${service.name} imports ${found.name}, an alias of tsconfig.json that tsc leaves as it is`,
      subject: found.name,
      because: [{ kind: 'source', at: found.at, text: `tsconfig.json leads ${found.name} to a file of the sources` }],
    });

    function declared(name: string): boolean {
      const own = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
      return new RegExp(`"${own.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"\\s*:`).test(
        application?.context.tree.text(`${folder}/package.json`) ?? '',
      );
    }
  },
});
