import { APP_ID, type ImageInput, type RefitInput } from '../input.ts';
import { supportedBase } from './bases.ts';
import { jsonForm } from './commands.ts';
import { healthCommand, healthFlags } from './health.ts';
import {
  commentsAbove,
  directivesOf,
  execForm,
  joinBlocks,
  type Left,
  left,
  lines,
  OWN_LAYER,
  type Written,
} from './pieces.ts';
import { type PythonProject, pythonProject } from './python-project.ts';
import { isNoCacheFlag, type PythonSteps, pythonSteps, quoted } from './python-steps.ts';
import { addUser, keepsRoot, labels } from './runtime.ts';

/** A Dockerfile with a stage that installs and a stage that runs, made from one that does both in one. */
export function pythonDockerfile(input: RefitInput, image: ImageInput): Written | Left {
  const steps = pythonSteps(image.dockerfile);
  if ('ok' in steps) return steps;
  if (/\$/.test(steps.from.image.text)) return left('its base image comes from a build argument', steps.from);
  const project = pythonProject(input.repo, image.contextDir, steps.install.tool, requirementsOf(steps.install.argv));
  if (typeof project === 'string') return left(project);
  const base = supportedBase(steps.from.image.text, input.today, project.accepts);
  const workdir = steps.workdir?.path.text ?? '/app';
  const venv = steps.install.tool === 'pip' ? '/opt/venv' : `${workdir}/.venv`;
  const command = commandLines(steps);
  if (command === undefined)
    return left('its start command needs a shell that Plimsoll cannot replace', steps.command ?? steps.entrypoint);

  const folders = [...new Set([...image.dataDirs, ...steps.folders.map((folder) => folder.path)])];
  const owned =
    folders.length === 0
      ? undefined
      : ` \\\n    && install -d -o ${APP_ID} -g ${APP_ID} ${folders.map(quoted).join(' ')}`;
  const made = folders.length === 0 ? undefined : `RUN mkdir -p ${folders.map(quoted).join(' ')}`;
  const early = steps.early.filter((text) => !/^(ENV|ARG)\s/m.test(text) || text.includes('carried over'));
  const text = joinBlocks([
    directivesOf(image.dockerfile),
    lines(
      commentsAbove(steps.from),
      base.why === undefined ? undefined : `# ${base.why}`,
      `FROM ${base.image} AS base`,
    ),
    lines(
      steps.early.filter((item) => !early.includes(item)),
      `ENV PATH="${venv}/bin:$PATH"`,
    ),
    ...steps.first,
    lines(steps.workdir === undefined ? undefined : commentsAbove(steps.workdir), `WORKDIR ${workdir}`),
    ...early,
    'FROM base AS build',
    installBlock(steps, project, venv),
    'FROM base',
    lines(
      steps.folders.flatMap((folder) => folder.comments),
      keepsRoot(image) ? made : addUser(base.image) + (owned ?? ''),
    ),
    lines(`COPY --from=build ${venv} ${venv}`, steps.sources),
    ...steps.late,
    keepsRoot(image)
      ? undefined
      : lines(
          `USER ${APP_ID}:${APP_ID}`,
          steps.early.some((item) => /\bHOME=/.test(item)) ? undefined : 'ENV HOME=/tmp',
        ),
    lines(
      steps.settings,
      image.port === undefined || /^EXPOSE/m.test(steps.settings.join('\n')) ? undefined : `EXPOSE ${image.port}`,
    ),
    healthBlock(steps, image),
    steps.hasLabels ? undefined : labels(project),
    command,
  ]);
  return {
    ok: true,
    text,
    notes: base.why === undefined ? [] : [`${steps.from.image.text} → ${base.image}: ${base.why}`],
  };
}

function installBlock(steps: PythonSteps, project: PythonProject, venv: string): string {
  const cache = { uv: '/root/.cache/uv', pip: '/root/.cache/pip', poetry: '/root/.cache/pypoetry' }[project.tool];
  const run = (command: string): string => `RUN --mount=type=cache,target=${cache} \\\n    ${command}`;
  const manifests = copyManifests(project.manifests);
  const flags = steps.install.argv.slice(2).filter(isNoCacheFlag);
  if (project.tool === 'uv') {
    const dev = flags.some((flag) => /^--(no-dev|dev|all-groups|group|only-group|only-dev)/.test(flag))
      ? []
      : ['--no-dev'];
    const frozen = flags.some((flag) => flag === '--frozen' || flag === '--locked') ? [] : ['--frozen'];
    const own = flags.filter((flag) => flag !== '--no-install-project' && flag !== '--no-editable');
    const sync = ['uv', 'sync', ...own, ...frozen, ...dev].map(quoted).join(' ');
    return lines(
      'ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never',
      steps.tools.length > 0 ? steps.tools : 'RUN --mount=type=cache,target=/root/.cache/pip pip install uv',
      steps.install.comments,
      OWN_LAYER,
      manifests,
      run(`${sync} --no-install-project`),
      project.isPackage ? [...steps.sources, run(`${sync} --no-editable`)] : undefined,
    );
  }
  if (project.tool === 'pip') {
    const cacheAllowed = steps.early.some((item) => item.includes('PIP_NO_CACHE_DIR'))
      ? 'ENV PIP_NO_CACHE_DIR=0'
      : undefined;
    return lines(
      cacheAllowed,
      `RUN python -m venv --without-pip ${venv}`,
      steps.install.comments,
      OWN_LAYER,
      manifests,
      run(['pip', '--python', `${venv}/bin/python`, 'install', ...flags].map(quoted).join(' ')),
    );
  }
  const only = flags.some((flag) => /^--(only|without|with|no-dev)/.test(flag)) ? [] : ['--only=main'];
  const own = flags.filter((flag) => flag !== '--no-root');
  const install = ['poetry', 'install', ...own, ...only].map(quoted).join(' ');
  return lines(
    'ENV POETRY_VIRTUALENVS_IN_PROJECT=1 POETRY_VIRTUALENVS_CREATE=1 POETRY_NO_INTERACTION=1',
    steps.tools.length > 0 ? steps.tools : 'RUN --mount=type=cache,target=/root/.cache/pip pip install poetry',
    steps.install.comments,
    OWN_LAYER,
    manifests,
    run(`${install} --no-root`),
  );
}

/** One COPY a folder, so that files keep their places. */
export function copyManifests(files: readonly string[]): string {
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  return [...byFolder]
    .map(([folder, names]) => `COPY ${names.join(' ')} ./${folder === '.' ? '' : `${folder}/`}`)
    .join('\n');
}

function requirementsOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, index) => {
    if (/^(-r|-c|--requirement|--constraint)$/.test(word)) return argv[index + 1] ?? [];
    const [, attached] = /^(?:-r|-c|--requirement=|--constraint=)(.+)$/.exec(word) ?? [];
    return attached ?? [];
  });
}

function commandLines(steps: PythonSteps): string | undefined {
  const blocks: string[] = [];
  for (const instruction of [steps.entrypoint, steps.command]) {
    if (instruction === undefined) continue;
    // `ENTRYPOINT ["poetry", "run"]` only brings the environment, which is on the PATH.
    if (
      instruction.keyword === 'ENTRYPOINT' &&
      /^(uv|poetry) run$/.test(instruction.argv?.map((word) => word.text).join(' ') ?? '')
    )
      continue;
    const form = execForm(instruction, withoutRunner);
    if (form === undefined) return undefined;
    blocks.push(lines(commentsAbove(instruction), `${instruction.keyword} ${form}`));
  }
  return blocks.join('\n');
}

/** The virtual environment is on the PATH: `uv run x` is `x`. With options of its own, it means something else. */
function withoutRunner(argv: readonly string[]): readonly string[] | undefined {
  if ((argv[0] !== 'uv' && argv[0] !== 'poetry') || argv[1] !== 'run')
    return argv[0] === 'uv' || argv[0] === 'poetry' ? undefined : argv;
  let rest = argv.slice(2);
  while (/^--(frozen|locked|no-sync|no-dev|no-cache)$/.test(rest[0] ?? '')) rest = rest.slice(1);
  if (rest[0] === '--') rest = rest.slice(1);
  return rest.length === 0 || rest[0]?.startsWith('-') === true ? undefined : rest;
}

function healthBlock(steps: PythonSteps, image: ImageInput): string | undefined {
  if (steps.health?.kind === 'none' || image.port === undefined) return undefined;
  const comments = steps.health === undefined ? [] : commentsAbove(steps.health);
  return lines(
    comments,
    `HEALTHCHECK ${healthFlags(steps.health)} \\`,
    `    CMD ${jsonForm(healthCommand('python', image.port, image.healthPath))}`,
  );
}
