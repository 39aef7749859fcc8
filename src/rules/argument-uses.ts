import type { ArgDeclaration, ArgInstruction, Dockerfile, Instruction, Stage } from '../dockerfile/types.ts';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Trace } from '../simulate/trace.ts';

/** One name that an ARG line declares. */
export interface DeclaredArgument {
  readonly name: string;
  readonly declaration: ArgDeclaration;
  readonly instruction: ArgInstruction;
  /** Undefined above the first FROM. */
  readonly stage: Stage | undefined;
}

/** Names that BuildKit or the tools of every step read themselves. */
const READ_BY_ALL =
  /^(BUILDKIT_\w+|SOURCE_DATE_EPOCH|(https?|ftp|no|all)_proxy|PATH|HOME|SHELL|USER|PWD|IFS|CDPATH|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|LD_\w+|DEBIAN_FRONTEND|POSIXLY_CORRECT|BASH_ENV|ENV|PS4|SHELLOPTS)$/i;

/** Commands that read no variable of the environment but those above. */
const INERT = new Set(
  'mkdir rmdir touch rm cp mv ln chmod chown chgrp cd true test [ echo printf cat addgroup adduser groupadd useradd usermod deluser delgroup userdel ldconfig'.split(
    ' ',
  ),
);

export function declaredArguments(dockerfile: Dockerfile): readonly DeclaredArgument[] {
  const of = (instruction: Instruction, stage: Stage | undefined): readonly DeclaredArgument[] =>
    instruction.keyword === 'ARG'
      ? instruction.args.map((declaration) => ({ name: declaration.name.text, declaration, instruction, stage }))
      : [];
  return [
    ...dockerfile.metaArgs.flatMap((a) => of(a, undefined)),
    ...dockerfile.stages.flatMap((stage) => stage.instructions.flatMap((i) => of(i, stage))),
  ];
}

/** Whether anything can read a declared argument. A RUN has it in its environment, so a program that is not known may. */
export function isRead(dockerfile: Dockerfile, trace: Trace, argument: DeclaredArgument): Fact<boolean> {
  const { name, instruction, stage } = argument;
  if (READ_BY_ALL.test(name)) return known(true);
  if (
    dockerfile.syntax !== undefined &&
    !/(^|\/)docker(file)?\/dockerfile(-upstream)?(:|@|$)/.test(dockerfile.syntax.image)
  )
    return unknown(`${dockerfile.syntax.image} is another frontend`);
  const later =
    stage === undefined
      ? dockerfile.instructions.filter((i) => i !== instruction)
      : [
          stage.instructions.filter((i) => i.index > instruction.index),
          ...descendants(dockerfile, stage).map((s) => s.instructions),
        ].flat();
  if (later.some((i) => mentions(dockerfile, i, name, stage === undefined))) return known(true);
  const run =
    stage === undefined ? undefined : later.find((i) => i.keyword === 'RUN' && !isInert(trace, dockerfile, i));
  return run === undefined
    ? known(false)
    : unknown('a program of a RUN may read it from its environment', {
        kind: 'line',
        at: run.place,
        text: run.original.split('\n', 1)[0] ?? '',
      });
}

/** Stages that are built from this one, and from those: they inherit its arguments. */
function descendants(dockerfile: Dockerfile, stage: Stage): readonly Stage[] {
  const found = [stage];
  for (const other of dockerfile.stages) {
    const base = other.from.image.text.toLowerCase();
    const parent = dockerfile.stages.filter((s) => s.index < other.index && s.name === base).at(-1);
    // A base that is an argument may be any stage above.
    if (base.includes('$') ? other.index > stage.index : parent !== undefined && found.includes(parent))
      found.push(other);
  }
  return found.slice(1);
}

/** The name stands in an instruction in any way that could be a use. Another ARG of that name is one for the arguments above
 * the first FROM only, which it fetches. */
function mentions(dockerfile: Dockerfile, instruction: Instruction, name: string, fetched: boolean): boolean {
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  if (instruction.keyword !== 'ARG')
    return word.test(dockerfile.text.slice(instruction.span.start, instruction.span.end));
  return instruction.args.some((a) => (fetched && a.name.text === name) || word.test(a.value?.text ?? ''));
}

/** All commands of the RUN are known, and of those that look at no variable. The last step is the RUN itself. */
function isInert(trace: Trace, dockerfile: Dockerfile, run: Instruction): boolean {
  const index = dockerfile.stages[run.stage ?? -1]?.instructions.indexOf(run);
  const steps = trace.stages.find((s) => s.index === run.stage)?.steps.filter((step) => step.instruction === index);
  if (steps === undefined || steps.length < 2 || run.form !== 'shell') return false;
  return (
    steps.every((step) => step.unmodelled === undefined) &&
    steps.slice(0, -1).every((step) => INERT.has(step.argv?.[0] ?? ''))
  );
}
