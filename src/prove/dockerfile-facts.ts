import { expandWord } from '../dockerfile/lex.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { Dockerfile, RunInstruction, Stage } from '../dockerfile/types.ts';
import { applyEdits, type Edit } from '../text/edit.ts';

export interface DockerfileFacts {
  /** The image that the built stage rests on; `scratch` is one; undefined when it cannot be told. */
  readonly base?: string;
  /** What the stages that are built copy from the context, as written. */
  readonly copied: readonly string[];
  /** Ids of cache mounts. */
  readonly caches: number;
}

/** What a proof needs to know of a Dockerfile. Pure. */
export function dockerfileFacts(
  text: string,
  target: string | undefined,
  args: Readonly<Record<string, string>>,
): DockerfileFacts {
  const file = parseDockerfile(text, 'Dockerfile');
  const base = baseOf(file, target, args);
  const copied = file.instructions.flatMap((instruction) =>
    (instruction.keyword === 'COPY' && instruction.from === undefined) || instruction.keyword === 'ADD'
      ? instruction.sources.map((word) => word.text)
      : [],
  );
  // A bind mount of the context takes files in as well.
  const bound = runs(file).flatMap((run) =>
    run.mounts.filter((mount) => mount.type === 'bind' && mount.from === undefined).map((mount) => mount.source ?? '.'),
  );
  const caches = runs(file).flatMap((run) => run.mounts.filter((mount) => mount.type === 'cache')).length;
  return { ...(base === undefined ? {} : { base }), copied: [...copied, ...bound], caches };
}

function runs(file: Dockerfile): RunInstruction[] {
  return file.instructions.filter((instruction) => instruction.keyword === 'RUN');
}

function baseOf(
  file: Dockerfile,
  target: string | undefined,
  args: Readonly<Record<string, string>>,
): string | undefined {
  const values = new Map<string, string>();
  const lookup = (name: string): string | undefined => values.get(name) ?? (platform as Record<string, string>)[name];
  for (const instruction of file.metaArgs) {
    for (const arg of instruction.args) {
      const value =
        args[arg.name.text] ??
        (arg.value === undefined ? undefined : expandWord(arg.value.text, lookup, file.escape).text);
      if (value !== undefined) values.set(arg.name.text, value);
    }
  }
  const wanted = target?.toLowerCase();
  let stage: Stage | undefined =
    wanted === undefined
      ? file.stages.at(-1)
      : file.stages.find((candidate) => candidate.name === wanted || String(candidate.index) === wanted);
  while (stage !== undefined) {
    const here: Stage = stage;
    const name = expandWord(here.from.image.text, lookup, file.escape).text;
    const below = file.stages.slice(0, here.index).findLast((candidate) => candidate.name === name.toLowerCase());
    if (below === undefined) return name === '' ? undefined : name;
    stage = below;
  }
  return undefined;
}

const platform = {
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
  BUILDPLATFORM: 'linux/amd64',
};

/** The same Dockerfile with cache mounts of the run's own: the user's are neither used nor filled. Pure. */
export function withOwnCaches(text: string, prefix: string): string {
  const file = parseDockerfile(text, 'Dockerfile');
  const edits: Edit[] = [];
  for (const run of runs(file)) {
    for (const mount of run.mounts) {
      if (mount.type !== 'cache' || mount.error !== undefined) continue;
      const id = mount.options.find((option) => option.key === 'id');
      const own = `id=${prefix}${(mount.id ?? mount.target ?? 'cache').replace(/[,"\s]/g, '-')}`;
      // Without an id the engine takes the target for one.
      const target = mount.options.find(
        (option) => option.key === 'target' || option.key === 'dst' || option.key === 'destination',
      );
      if (id !== undefined) edits.push({ file: 'Dockerfile', start: id.span.start, end: id.span.end, text: own });
      else if (target !== undefined)
        edits.push({ file: 'Dockerfile', start: target.span.start, end: target.span.start, text: `${own},` });
    }
  }
  return edits.length === 0 ? text : applyEdits(text, edits);
}
