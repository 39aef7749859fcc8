import type { Instruction } from '../../dockerfile/types.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { slimVariant, supportedBase } from './bases.ts';
import { jsonForm } from './commands.ts';
import { healthCommand, healthFlags } from './health.ts';
import { nodeProject } from './node-project.ts';
import { installLines, nodeStageSteps } from './node-steps.ts';
import {
  asWritten,
  commentsAbove,
  directivesOf,
  execForm,
  joinBlocks,
  type Left,
  left,
  lines,
  type Written,
} from './pieces.ts';
import { keepsRoot, labels } from './runtime.ts';

/** A Dockerfile for a Node server: one stage installs and builds, one installs what runs, the last one runs as `node`. */
export function nodeDockerfile(input: RefitInput, image: ImageInput): Written | Left {
  const { dockerfile } = image;
  const [stage, ...more] = dockerfile.stages;
  if (stage === undefined) return left('there is no FROM');
  if (more.length > 0) return left('it has several stages already', more[0]?.from);
  const project = nodeProject(input.repo, image.contextDir);
  if (typeof project === 'string') return left(project);
  const steps = nodeStageSteps(dockerfile, stage);
  if ('ok' in steps) return steps;
  if (project.dependencies.has('next'))
    return left('it is a Next.js application, whose output depends on next.config (standalone or not)');
  if (/\$/.test(stage.from.image.text)) return left('its base image comes from a build argument', stage.from);
  const base = supportedBase(stage.from.image.text, input.today, project.accepts);
  const slim = slimVariant(base.image);
  const workdir = steps.workdir?.path.text ?? '/app';
  const find = (keyword: string): Instruction | undefined => steps.runtime.findLast((item) => item.keyword === keyword);
  const command = startLines(steps.runtime, project.scripts);
  if (typeof command !== 'string') return command;
  const folders = image.dataDirs;
  const head = lines(commentsAbove(stage.from), base.why === undefined ? undefined : `# ${base.why}`);
  const place = lines(steps.workdir === undefined ? [] : commentsAbove(steps.workdir), `WORKDIR ${workdir}`);
  const health = find('HEALTHCHECK');
  const check = health?.keyword === 'HEALTHCHECK' ? health : undefined;
  const withoutMode = (text: string): boolean => !/^ENV\s+NODE_ENV[= ]production\s*$/m.test(text);
  const first = steps.first.filter(withoutMode);
  const settings = steps.settings.filter(withoutMode);
  const late = steps.late.filter(withoutMode);
  const needsModules = project.dependencies.size > 0;
  const modules = needsModules
    ? [lines(head, `FROM ${base.image} AS dependencies`), place, lines(installLines(project, steps.install, true))]
    : [];
  const text = joinBlocks([
    directivesOf(dockerfile),
    ...modules,
    ...(steps.builds
      ? [
          lines(needsModules ? undefined : head, `FROM ${base.image} AS build`),
          lines(first),
          needsModules ? `WORKDIR ${workdir}` : place,
          lines(settings),
          lines(installLines(project, { ...steps.install, comments: [] })),
          lines(steps.between.filter(withoutMode), steps.sources),
          lines(late),
          lines('# what runs has its own, without development packages', 'RUN rm -rf node_modules'),
        ]
      : []),
    lines(needsModules || steps.builds ? undefined : head, `FROM ${slim}`),
    lines('ENV NODE_ENV=production', first),
    `WORKDIR ${workdir}`,
    lines(settings),
    folders.length === 0 ? undefined : `RUN install -d -o node -g node ${folders.join(' ')}`,
    lines(
      needsModules ? `COPY --from=dependencies ${workdir}/node_modules ./node_modules` : undefined,
      steps.builds ? `COPY --from=build ${workdir} ./` : [...steps.between.filter(withoutMode), ...steps.sources],
    ),
    steps.builds ? undefined : lines(late),
    keepsRoot(image)
      ? undefined
      : lines('# `node` of the base image, by number: an orchestrator can see that it is not root', 'USER 1000:1000'),
    lines(
      steps.runtime
        .filter((item) => /^(EXPOSE|LABEL|VOLUME|STOPSIGNAL)$/.test(item.keyword))
        .map((item) => asWritten(dockerfile, item)),
      find('EXPOSE') === undefined && image.port !== undefined ? `EXPOSE ${image.port}` : undefined,
    ),
    check?.kind === 'none' || image.port === undefined
      ? undefined
      : lines(
          check === undefined ? [] : commentsAbove(check),
          `HEALTHCHECK ${healthFlags(check)} \\`,
          `    CMD ${jsonForm(healthCommand('node', image.port, image.healthPath))}`,
        ),
    find('LABEL') === undefined ? labels(project) : undefined,
    command,
  ]);
  return {
    ok: true,
    text,
    notes: base.why === undefined ? [] : [`${stage.from.image.text} → ${base.image}: ${base.why}`],
  };
}

/** npm as process 1 starts the application as a child and does not always pass signals on: its script is started directly. */
function startLines(runtime: readonly Instruction[], scripts: Readonly<Record<string, string>>): string | Left {
  const blocks: string[] = [];
  for (const item of runtime) {
    if (item.keyword !== 'CMD' && item.keyword !== 'ENTRYPOINT') continue;
    const form = execForm(item, (argv) => unwrapped(argv, scripts));
    if (form === undefined) return left('its start command is a package script that needs a shell', item);
    blocks.push(lines(commentsAbove(item), `${item.keyword} ${form}`));
  }
  return blocks.length === 0 ? left('it has no start command') : blocks.join('\n');
}

function unwrapped(argv: readonly string[], scripts: Readonly<Record<string, string>>): readonly string[] | undefined {
  const [command = '', action = '', ...rest] = argv;
  if (!/^(npm|pnpm|yarn)$/.test(command)) return argv;
  const name = action === 'run' ? (rest[0] ?? '') : action;
  const script = scripts[name];
  if (
    script === undefined ||
    scripts[`pre${name}`] !== undefined ||
    (action === 'run' ? rest.length > 1 : rest.length > 0)
  )
    return undefined;
  const words = script.trim().split(/\s+/);
  return words[0] === 'node' && !/["'$&|;<>()`*?]/.test(script) ? words : undefined;
}
