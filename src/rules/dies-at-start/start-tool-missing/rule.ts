import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { installedModules } from '../../installed-modules.ts';
import { resolver } from '../../resolvable-package.ts';
import { claim, rule } from '../../rule.ts';
import { type StartTool, startTools } from '../../start-tools.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a script of package.json starts with a tool that is not in the image',
  why: 'npm looks for the tool in node_modules/.bin and on PATH, and ends with "not found" (127). nodemon, ts-node, cross-env and their like are development dependencies, which an install for production leaves out.',
  remedy: 'Start with `node` and the compiled file; or move the tool to `dependencies`.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    const application = service.application.known ? service.application.value : undefined;
    const tools = application === undefined ? [] : startTools(application);
    const [first] = tools;
    if (target === undefined || application === undefined || first === undefined) return;
    const mounts = mountTargets(service);
    if (mounts.some((at) => at === undefined || isWithin(first.folder, at) || isWithin(at, first.folder))) return;
    const modules = yield* know(installedModules(target, first.folder));
    const find = modules === 'none' ? () => 'none' as const : resolver(modules);
    if (find === undefined) return yield* know(unknown('the manifest of the install cannot be read'));
    const image = yield* know(service.image);
    yield* each(tools, function* ({ name, owner, at, line }: StartTool) {
      const found = find(owner);
      if (found === 'there' || found === 'unsure') return;
      const elsewhere = image.command(name);
      // No base brings these tools: only what the build does can put one on PATH.
      if (!elsewhere.known && !elsewhere.because.every((reason) => reason.kind === 'base-image'))
        yield* know(elsewhere);
      if (elsewhere.known && elsewhere.value !== 'absent') return;
      yield claim({
        breaks: service.nodes.starts,
        hypothetical: target.trace.breaks.some((found) => !found.swallowed),
        at,
        title: `${service.name} starts with ${line}, and ${WHY[found](owner)}`,
        subject: name,
        because: [
          { kind: 'source', at, text: line },
          ...(modules === 'none'
            ? []
            : [{ kind: 'line' as const, at: modules.step.at, text: modules.step.argv?.join(' ') ?? '' }]),
        ],
      });
    });
  },
});

const WHY = {
  none: () => 'no step brings node_modules into the image',
  undeclared: (name: string) => `package.json does not list ${name}`,
  'left-out': (name: string) => `the install left out ${name}, a development dependency`,
} as const;
