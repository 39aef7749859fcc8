import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { installedModules } from '../../installed-modules.ts';
import { generates, schemaOf } from '../../prisma-client.ts';
import { claim, rule } from '../../rule.ts';

const AT_START = /prisma\s+(generate|db\s+push|migrate\s+(dev|reset))/;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the Prisma client is never generated in the image',
  why: '`@prisma/client` is an empty shell until `prisma generate` has read the schema: `new PrismaClient()` ends with "@prisma/client did not initialize yet" (or, installed without scripts, with "Cannot find module .prisma/client/default"). The package tries by itself when it is installed, but only when the schema is there by then; and what one stage generates is not in the node_modules that another installs.',
  remedy:
    'Copy the schema and run `npx prisma generate` after the install of the stage whose node_modules run; or copy node_modules/.prisma from the stage that generated it.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    const application = service.application.known ? service.application.value : undefined;
    if (target === undefined || application?.launch.language !== 'node') return;
    const needs = yield* know(application.needs);
    const use = needs.find(({ name }) => name === '@prisma/client');
    const { folder } = application;
    if (
      use === undefined ||
      mountTargets(service).some((at) => at === undefined || isWithin(folder, at) || isWithin(at, folder))
    )
      return;
    const modules = yield* know(installedModules(target, folder));
    if (modules === 'none') return;
    const schema = schemaOf(target, modules);
    if (schema === 'elsewhere' || generates(target, modules)) return;
    if (schema === 'unsure') yield* know(unknown('whether the schema is there at the install is not known'));
    const texts = yield* know(service.startTexts);
    yield* know(service.startScripts);
    const scripts = application.context.tree.text(`${folder}/package.json`) ?? '';
    if (
      texts.some(({ text }) => AT_START.test(text)) ||
      /"(pre)?start[^"]*"\s*:\s*"[^"]*prisma (generate|db push)/.test(scripts)
    )
      return;
    yield claim({
      breaks: service.nodes.starts,
      hypothetical: target.trace.breaks.some((found) => !found.swallowed),
      at: use.at,
      title: `${service.name} uses @prisma/client, which no step generates for the node_modules it runs with`,
      subject: '@prisma/client',
      because: [
        { kind: 'source', at: use.at, text: 'the import of @prisma/client' },
        { kind: 'line', at: modules.step.at, text: `${modules.step.argv?.join(' ')} installs it, without a schema` },
      ],
    });
  },
});
