import { PROXY_ARGS } from '../../dockerfile/scope.ts';
import type { RunInstruction } from '../../dockerfile/types.ts';
import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place, Span } from '../../text/place.ts';
import type { Mount } from '../command-model.ts';
import type { SimulatedImage } from '../image.ts';
import { PersistentMap } from '../persistent-map.ts';
import type { OpenStep, RunContext } from '../run/run-context.ts';
import { noFunctions, type Shell, type Variable } from '../run/shell-world.ts';
import { substitution } from '../run/substitution.ts';
import type { Break } from '../trace.ts';
import type { Interpreter } from './run-shell.ts';
import { type StageWalk, undecided } from './stage-walk.ts';

export function contextOf(
  walk: StageWalk,
  instruction: RunInstruction,
  interpreter: Interpreter,
  steps: OpenStep[],
  breaks: Break[],
  mounts: readonly Mount[],
): RunContext {
  const { build } = walk;
  const { dockerfile } = build;
  const script = instruction.script;
  const place = (span: Span): Place =>
    script && interpreter.kind === 'bourne'
      ? dockerfile.lines.place(dockerfile.file, script.map.span(span.start, span.end))
      : instruction.place;
  const { user } = walk.state;
  const why = 'the user of the step is not known';
  const id = (value: number | undefined): Fact<number> => (value === undefined ? unknown(why) : known(value));
  const context: RunContext = {
    stage: walk.stage.index,
    instruction: walk.index,
    dialect: interpreter.kind === 'bourne' ? interpreter.dialect : 'unknown',
    mounts,
    world: { platform: build.platform, network: instruction.network?.value !== 'none' },
    uid: user.known ? id(user.value.uid) : unknown(why),
    gid: user.known ? id(user.value.gid) : unknown(why),
    text: script?.text ?? '',
    place,
    depth: 0,
    steps,
    budget: build.budget,
    settled: new Set(),
    undecided: (item) => undecided(build, item),
    broke: (item) => {
      breaks.push(item);
      if (!build.breaks.includes(item)) build.breaks.push(item);
    },
    substitute: (part, shell) => substitution(context)(part, shell),
  };
  return context;
}

/** The shell as the engine starts it. */
export function shellOf(walk: StageWalk, image: SimulatedImage, interpreter: Interpreter): Shell {
  const variables = new Map<string, Variable>();
  for (const name of PROXY_ARGS) {
    const value = walk.build.buildArgs.get(name);
    if (value) variables.set(name, { value, exported: true });
  }
  for (const [name, value] of image.env) variables.set(name, { value, exported: true });
  for (const [name, variable] of walk.scope.variables) variables.set(name, { value: variable.value, exported: true });
  if (!variables.has('HOME') && !image.envOpen) variables.set('HOME', { value: homeOf(image), exported: true });
  return {
    image,
    cwd: image.workdir,
    variables: PersistentMap.from(variables),
    open: image.envOpen || walk.scope.open !== undefined,
    functions: noFunctions,
    positional: known([]),
    options: interpreter.kind === 'bourne' ? interpreter.options : { errexit: false, pipefail: false, nounset: false },
    condition: false,
    umask: 0o022,
    certain: true,
    hypothetical: false,
    pending: [],
    status: 0,
    out: undefined,
    stdin: undefined,
  };
}

/** The engine takes HOME from /etc/passwd, and `/` where the user is not in it. */
function homeOf(image: SimulatedImage): Fact<string> {
  const { user, users } = image;
  if (!user.known) return user;
  const { uid } = user.value;
  if (uid === undefined) return unknown('the user is not known');
  if (!users.known) return uid === 0 ? known('/root') : users;
  const found = users.value.find((item) => item.uid === uid);
  return known(found?.home ?? '/', ...(found ? [found.origin] : users.because));
}
