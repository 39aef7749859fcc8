import type { Dockerfile, Instruction } from '../../dockerfile/types.ts';
import { plainChain, preparesSystem, purposeOf } from './commands.ts';
import { asWritten, carried, commentsAbove, type Left, left, movedComments } from './pieces.ts';

/** A Python Dockerfile of one stage, taken apart by what each step is for. */
export interface PythonSteps {
  readonly from: Extract<Instruction, { keyword: 'FROM' }>;
  readonly workdir: Extract<Instruction, { keyword: 'WORKDIR' }> | undefined;
  /** Steps before WORKDIR, as text: their relative paths start elsewhere. */
  readonly first: readonly string[];
  /** ENV, ARG and steps before the source, as text. */
  readonly early: readonly string[];
  /** What brings the installer: `RUN pip install uv`. */
  readonly tools: readonly string[];
  readonly install: {
    readonly tool: 'uv' | 'pip' | 'poetry';
    readonly argv: readonly string[];
    readonly comments: readonly string[];
  };
  readonly sources: readonly string[];
  /** Steps after the source, as text. */
  readonly late: readonly string[];
  readonly folders: readonly { readonly path: string; readonly comments: readonly string[] }[];
  /** LABEL, EXPOSE, VOLUME, STOPSIGNAL as text. */
  readonly settings: readonly string[];
  readonly hasLabels: boolean;
  readonly command: Extract<Instruction, { keyword: 'CMD' }> | undefined;
  readonly entrypoint: Extract<Instruction, { keyword: 'ENTRYPOINT' }> | undefined;
  readonly health: Extract<Instruction, { keyword: 'HEALTHCHECK' }> | undefined;
}

const MANIFEST =
  /^(\.\/)?(pyproject\.toml|uv\.lock|poetry\.lock|poetry\.toml|\.python-version|requirements[\w.-]*\.(txt|in)|requirements\/\S*)\*?$/;

export function pythonSteps(dockerfile: Dockerfile): PythonSteps | Left {
  const [stage, ...more] = dockerfile.stages;
  if (stage === undefined) return left('there is no FROM');
  if (more.length > 0) return left('it has several stages already', more[0]?.from);
  const first: string[] = [];
  const early: string[] = [];
  const late: string[] = [];
  const tools: string[] = [];
  const sources: string[] = [];
  const manifests: string[] = [];
  const settings: string[] = [];
  const folders: { path: string; comments: readonly string[] }[] = [];
  const found: Partial<Record<'workdir' | 'command' | 'entrypoint' | 'health', Instruction>> = {};
  /** Those above manifests and installers, which move to the install. */
  const comments: string[] = [];
  let install: PythonSteps['install'] | undefined;
  const keep = (instruction: Instruction, text = asWritten(dockerfile, instruction)): void => {
    const before = install === undefined && sources.length === 0;
    (!before ? late : found.workdir === undefined && instruction.keyword !== 'ARG' ? first : early).push(text);
  };
  for (const instruction of stage.instructions) {
    switch (instruction.keyword) {
      case 'ENV':
        // A setting never depends on the source: it goes where it spares the most rebuilding.
        if (!/\.venv\/bin|VIRTUAL_ENV/.test(instruction.original)) early.push(asWritten(dockerfile, instruction));
        break;
      case 'ARG':
        keep(instruction);
        break;
      case 'WORKDIR':
        if (found.workdir !== undefined) return left('it changes its working directory half-way', instruction);
        found.workdir = instruction;
        break;
      case 'COPY':
      case 'ADD': {
        if (instruction.keyword === 'COPY' && instruction.from !== undefined) {
          if (/\buv\b/.test(instruction.from.value ?? '')) tools.push(asWritten(dockerfile, instruction));
          else keep(instruction);
        } else if (instruction.sources.length > 0 && instruction.sources.every((word) => MANIFEST.test(word.text))) {
          comments.push(...movedComments(instruction));
          manifests.push(withoutOwner(dockerfile, instruction));
        } else sources.push(withoutOwner(dockerfile, instruction));
        break;
      }
      case 'RUN': {
        if (preparesSystem(instruction)) {
          const made = plainChain(instruction)?.map((argv) => purposeOf(argv));
          if (made?.every((purpose) => purpose.is === 'folder') !== true) {
            keep(instruction);
            break;
          }
        }
        const commands = plainChain(instruction);
        if (commands === undefined) {
          keep(instruction, carried(dockerfile, instruction));
          break;
        }
        const purposes = commands.map((argv) => ({ argv, purpose: purposeOf(argv) }));
        const others = purposes.filter(({ purpose }) => purpose.is === 'other' || purpose.is === 'build');
        if (others.length === purposes.length) {
          keep(instruction, carried(dockerfile, instruction));
          break;
        }
        if (others.length > 0) {
          const mark = `# carried over from line ${instruction.place.line}: Plimsoll does not know what it does`;
          keep(instruction, `${mark}\nRUN ${others.map(({ argv }) => argv.map(quoted).join(' ')).join(' && ')}`);
        }
        for (const { argv, purpose } of purposes) {
          if (purpose.is === 'tool') {
            if (argv === commands[0] && !purposes.some((other) => other.purpose.is === 'install'))
              comments.push(...movedComments(instruction));
            if (purpose.name !== 'poetry-config')
              tools.push(
                `RUN --mount=type=cache,target=/root/.cache/pip ${argv.filter(isNoCacheFlag).map(quoted).join(' ')}`,
              );
          } else if (purpose.is === 'folder') {
            for (const path of purpose.paths) folders.push({ path, comments: commentsAbove(instruction) });
          } else if (purpose.is === 'install') {
            if (install !== undefined) return left('it installs dependencies twice', instruction);
            if (purpose.tool !== 'uv' && purpose.tool !== 'pip' && purpose.tool !== 'poetry')
              return left(`it installs with ${purpose.tool} too`, instruction);
            install = { tool: purpose.tool, argv: purpose.argv, comments: commentsAbove(instruction) };
          }
        }
        break;
      }
      case 'CMD':
        found.command = instruction;
        break;
      case 'ENTRYPOINT':
        found.entrypoint = instruction;
        break;
      case 'HEALTHCHECK':
        found.health = instruction;
        break;
      case 'LABEL':
      case 'EXPOSE':
      case 'VOLUME':
      case 'STOPSIGNAL':
      case 'MAINTAINER':
        settings.push(asWritten(dockerfile, instruction));
        break;
      case 'USER':
        break;
      default:
        return left(`it has ${instruction.written}, which changes how every other step is read`, instruction);
    }
  }
  if (install === undefined)
    return left('no step installs dependencies in a way that Plimsoll knows (uv sync, pip install -r, poetry install)');
  if (sources.length === 0) return left('no step copies the source');
  return {
    from: stage.from,
    workdir: only(found.workdir, 'WORKDIR'),
    first,
    early,
    tools,
    install: { ...install, comments: [...(copiesFolder(stage.instructions) ? comments : []), ...install.comments] },
    // The application may read its manifests when it runs: they come with the whole folder, or by themselves.
    sources: copiesFolder(stage.instructions) ? sources : [...manifests, ...sources],
    late,
    folders,
    settings,
    hasLabels: stage.instructions.some((item) => item.keyword === 'LABEL'),
    command: only(found.command, 'CMD'),
    entrypoint: only(found.entrypoint, 'ENTRYPOINT'),
    health: only(found.health, 'HEALTHCHECK'),
  };
}

function only<K extends Instruction['keyword']>(
  instruction: Instruction | undefined,
  keyword: K,
): Extract<Instruction, { keyword: K }> | undefined {
  return instruction?.keyword === keyword ? (instruction as Extract<Instruction, { keyword: K }>) : undefined;
}

/** True when a step copies the whole context, manifests included. */
export function copiesFolder(instructions: readonly Instruction[]): boolean {
  return instructions.some(
    (item) =>
      (item.keyword === 'COPY' || item.keyword === 'ADD') &&
      !(item.keyword === 'COPY' && item.from !== undefined) &&
      item.sources.some((word) => /^\.?\/?$/.test(word.text)),
  );
}

/** Code belongs to root and the process cannot change it: `--chown` goes. */
function withoutOwner(dockerfile: Dockerfile, instruction: Extract<Instruction, { keyword: 'COPY' | 'ADD' }>): string {
  const text = asWritten(dockerfile, instruction);
  return instruction.chown === undefined ? text : text.replace(/--chown=\S+\s+/, '');
}

/** Downloads are kept in a cache mount, so a flag that forbids a cache would only slow the build down. */
export function isNoCacheFlag(word: string): boolean {
  return !/^--no-cache(-dir)?$/.test(word);
}

/** A word for a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./\-[\]]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
