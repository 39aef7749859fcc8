import type { Dockerfile, Instruction, Stage } from '../../dockerfile/types.ts';
import { plainChain, preparesSystem, purposeOf } from './commands.ts';
import type { NodeProject } from './node-project.ts';
import { asWritten, carried, commentsAbove, type Left, left, movedComments, OWN_LAYER } from './pieces.ts';
import { copyManifests } from './python.ts';
import { copiesFolder, quoted } from './python-steps.ts';

/** A stage that installs and builds a Node project, taken apart by what each step is for. */
export interface NodeSteps {
  readonly workdir: Extract<Instruction, { keyword: 'WORKDIR' }> | undefined;
  /** Early steps before WORKDIR, as text. */
  readonly first: readonly string[];
  /** ENV, ARG and early steps, as text. */
  readonly settings: readonly string[];
  readonly install: NodeInstall;
  /** Steps between the install and the source, as text. */
  readonly between: readonly string[];
  readonly sources: readonly string[];
  /** Steps after the source, as text: the build, and what is not understood. */
  readonly late: readonly string[];
  readonly builds: boolean;
  /** Instructions about how it runs. */
  readonly runtime: readonly Instruction[];
}

export interface NodeInstall {
  readonly tools: readonly string[];
  readonly argv: readonly string[];
  readonly comments: readonly string[];
}

const MANIFEST =
  /^(\.\/)?(package(-lock)?\*?\.json|package\*\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|\.npmrc|\.yarnrc(\.yml)?)\*?$/;

export function nodeStageSteps(dockerfile: Dockerfile, stage: Stage): NodeSteps | Left {
  const first: string[] = [];
  const settings: string[] = [];
  const sources: string[] = [];
  const manifests: string[] = [];
  const between: string[] = [];
  const late: string[] = [];
  const tools: string[] = [];
  /** Those above the manifests, whose own COPY goes where the whole folder is copied. */
  const comments: string[] = [];
  const runtime: Instruction[] = [];
  let workdir: NodeSteps['workdir'];
  let install: { argv: readonly string[]; comments: readonly string[] } | undefined;
  let builds = false;
  const keep = (text: string): void => {
    if (sources.length > 0) late.push(text);
    else if (install !== undefined) between.push(text);
    else (workdir === undefined ? first : settings).push(text);
  };
  for (const item of stage.instructions) {
    switch (item.keyword) {
      case 'ENV':
      case 'ARG':
        keep(asWritten(dockerfile, item));
        break;
      case 'WORKDIR':
        if (workdir !== undefined) return left('it changes its working directory half-way', item);
        workdir = item;
        break;
      case 'COPY':
      case 'ADD':
        if (item.keyword === 'COPY' && item.from !== undefined) keep(asWritten(dockerfile, item));
        else {
          const manifest = item.sources.length > 0 && item.sources.every((word) => MANIFEST.test(word.text));
          if (manifest) comments.push(...movedComments(item));
          (manifest ? manifests : sources).push(asWritten(dockerfile, item).replace(/--chown=\S+\s+/, ''));
        }
        break;
      case 'RUN': {
        const commands = plainChain(item);
        if (preparesSystem(item)) {
          keep(asWritten(dockerfile, item));
          break;
        }
        if (commands === undefined) {
          keep(carried(dockerfile, item));
          break;
        }
        const parts = commands.map((argv) => ({ argv, purpose: purposeOf(argv) }));
        for (const { argv, purpose } of parts) {
          if (purpose.is === 'install') {
            if (install !== undefined) return left('it installs dependencies twice', item);
            install = { argv: purpose.argv, comments: commentsAbove(item) };
          } else if (purpose.is === 'tool') tools.push(`RUN ${argv.map(quoted).join(' ')}`);
        }
        const others = parts.filter(
          ({ purpose }) => purpose.is === 'other' || purpose.is === 'build' || purpose.is === 'folder',
        );
        if (others.length === 0) break;
        const known = others.every(({ purpose }) => purpose.is !== 'other');
        if (others.some(({ purpose }) => purpose.is === 'build')) builds = true;
        if (others.length === parts.length) keep(known ? asWritten(dockerfile, item) : carried(dockerfile, item));
        else {
          const mark = known
            ? []
            : [`# carried over from line ${item.place.line}: Plimsoll does not know what it does`];
          late.push([...mark, `RUN ${others.map(({ argv }) => argv.map(quoted).join(' ')).join(' && ')}`].join('\n'));
        }
        break;
      }
      case 'USER':
        break;
      case 'CMD':
      case 'ENTRYPOINT':
      case 'EXPOSE':
      case 'HEALTHCHECK':
      case 'LABEL':
      case 'STOPSIGNAL':
      case 'VOLUME':
        runtime.push(item);
        break;
      default:
        return left(`it has ${item.written}, which changes how every other step is read`, item);
    }
  }
  if (install === undefined)
    return left(
      'no step installs dependencies in a way that Plimsoll knows (npm ci, npm install, pnpm install, yarn install)',
    );
  if (sources.length === 0) return left('no step copies the source');
  // package.json is read when it runs too (`type`, `imports`): it comes with the whole folder, or by itself.
  const all = copiesFolder(stage.instructions) ? sources : [...manifests, ...sources];
  return {
    workdir,
    first,
    settings,
    install: { tools, argv: install.argv, comments: [...(all === sources ? comments : []), ...install.comments] },
    between,
    sources: all,
    late,
    builds,
    runtime,
  };
}

/** The install as a layer of its own, with the manager's download cache kept between builds. */
export function installLines(project: NodeProject, install: NodeInstall, production = false): readonly string[] {
  const cache = { npm: '/root/.npm', pnpm: '/root/.local/share/pnpm/store', yarn: '/usr/local/share/.cache/yarn' }[
    project.manager
  ];
  const own = install.argv
    .slice(2)
    .filter(
      (word) => !/^--(production|omit=dev|prod|only=production|force)$/.test(word) && !word.startsWith('--store-dir'),
    );
  const command =
    project.manager === 'npm'
      ? [project.lock === undefined ? 'npm install' : 'npm ci', ...(production ? ['--omit=dev'] : []), ...own]
      : project.manager === 'pnpm'
        ? [
            'pnpm install',
            '--frozen-lockfile',
            `--store-dir=${cache}`,
            ...(production ? ['--prod'] : []),
            ...own.filter((word) => word !== '--frozen-lockfile'),
          ]
        : [
            'yarn install',
            '--frozen-lockfile',
            ...(production ? ['--production'] : []),
            ...own.filter((word) => word !== '--frozen-lockfile'),
          ];
  return [
    ...install.tools,
    ...install.comments,
    OWN_LAYER,
    copyManifests(project.manifests),
    `RUN --mount=type=cache,target=${cache} \\\n    ${command.join(' ')}`,
  ];
}
