import { PROXY_ARGS } from '../../dockerfile/scope.ts';
import type { RunInstruction } from '../../dockerfile/types.ts';
import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Script } from '../../shell/ast.ts';
import { parseShell } from '../../shell/parse.ts';
import type { Place, Span } from '../../text/place.ts';
import { change } from '../change.ts';
import { findCommand } from '../command-lookup.ts';
import type { Arg, Failure, Mount } from '../command-model.ts';
import { type SimulatedImage, withFields } from '../image.ts';
import { PersistentMap } from '../persistent-map.ts';
import { doubtShell } from '../run/doubt.ts';
import { external } from '../run/external.ts';
import { settlePending } from '../run/pending.ts';
import { subshell } from '../run/pipelines.ts';
import { type OpenStep, openStep, type RunContext } from '../run/run-context.ts';
import { type Flow, noFunctions, type Shell, type Variable } from '../run/shell-world.ts';
import { substitution } from '../run/substitution.ts';
import { walk as walkCommand } from '../run/walk.ts';
import type { Break } from '../trace.ts';
import { closeMounts, openMounts } from './run-mounts.ts';
import { type Interpreter, interpreterOf, syntaxFailure } from './run-shell.ts';
import { because, refuse, type StageWalk, undecided } from './stage-walk.ts';

/** RUN: its script walked command by command in the state it finds. */
export function run(walk: StageWalk, instruction: RunInstruction): void {
  const reason = because(instruction);
  const user = unknownUser(walk, instruction, reason);
  const interpreter = interpreterOf(walk.state, instruction);
  const steps: OpenStep[] = [];
  const breaks: Break[] = [];
  const opened = openMounts(walk, instruction, reason, breaks);
  const context = contextOf(walk, instruction, interpreter, steps, breaks, opened.mounts);
  const start = { ...shellOf(walk, opened.state, interpreter), hypothetical: walk.build.broken || user !== undefined };
  const result = perform(walk, instruction, interpreter, start, context, reason);
  const settled = settle(walk, instruction, result, context, reason, start);
  // Whatever was left out may have done anything: said of the whole step, because the walk may have dropped the world it was in.
  const why = 'there are more commands than Plimsoll follows';
  const after = walk.build.budget.commands <= 0 ? change(settled, reason).assumeEverywhere(why).state : settled;
  const state = closeMounts(walk.state, withFields(after, { env: walk.state.env }), opened.mounts, reason);
  // The whole instruction last: its `after` is what the next one finds.
  const extra = user ? [user] : [];
  walk.steps.push(...steps, {
    stage: walk.stage.index,
    instruction: walk.index,
    keyword: 'RUN',
    at: instruction.place,
    before: walk.state,
    after: state,
    effects: [],
    breaks: [...extra, ...breaks.filter((item) => !steps.some((step) => step.breaks.includes(item)))],
  });
  walk.state = state;
}

/** A RUN as a user who is not in /etc/passwd does not start. */
function unknownUser(walk: StageWalk, instruction: RunInstruction, reason: Reason): Break | undefined {
  const { user, users } = walk.state;
  if (!user.known || !users.known) return undefined;
  const [name = '', group = ''] = user.value.written.split(':');
  const { groups } = walk.state;
  const noUser = user.value.uid === undefined && name !== '';
  const noGroup = group !== '' && user.value.gid === undefined && groups.known;
  if (!noUser && !noGroup) return undefined;
  const subject = noUser ? name : group;
  const what = noUser ? 'user' : 'group';
  const line = user.because.find((item) => item.kind === 'line');
  const at = line && 'at' in line ? line.at : instruction.place;
  return refuse(walk, {
    kind: 'user-unknown',
    at,
    subject,
    text: `the step runs as ${user.value.written}, and there is no ${what} ${subject} in the image`,
    because: [reason, ...user.because, ...users.because],
    says: `unable to find ${what} ${subject}`,
    detail: { [what]: subject },
  });
}

function perform(
  walk: StageWalk,
  instruction: RunInstruction,
  interpreter: Interpreter,
  start: Shell,
  context: RunContext,
  reason: Reason,
): Flow {
  const doubt = (why: string): Flow => {
    const after = doubtShell(start, context, { ...reason, text: why }, instruction.place, {});
    return { success: after, failure: after, ended: [] };
  };
  if (instruction.argv) {
    const args: Arg[] = instruction.argv.map((word) => ({
      value: known(word.text),
      text: word.text,
      at: walk.build.dockerfile.lines.place(walk.build.dockerfile.file, word.span),
    }));
    const name = args[0]?.value;
    if (!name?.known) return { success: start, ended: [] };
    const words = args.map((arg) => arg.text);
    return external({ name: name.value, args, words, at: instruction.place, reason, env: new Map() }, start, context);
  }
  const script = instruction.script;
  if (!script || script.text.trim() === '') return { success: start, ended: [] };
  if (interpreter.kind === 'other') return doubt(`the shell ${interpreter.name} is not modelled`);
  const missing = interpreterMissing(walk.state, interpreter, instruction, reason);
  if (missing) {
    context.broke(refuse(walk, missing));
    start = { ...start, hypothetical: true };
  }
  const parsed = parseShell(script.text);
  const failure = syntaxFailure(parsed, interpreter, walk.state, instruction, context.place);
  if (failure === 'unsure') return doubt('a script that cannot be read');
  if (failure) {
    context.broke(refuse(walk, failure));
    start = { ...start, hypothetical: true };
    if (parsed.errors.length > 0) return doubt('a script that cannot be read');
  }
  return walkScript(parsed, start, context, reason);
}

function walkScript(script: Script, start: Shell, context: RunContext, reason: Reason): Flow {
  return subshell(walkCommand(script.body, start, context, true), reason);
}

function interpreterMissing(
  state: SimulatedImage,
  interpreter: Interpreter,
  instruction: RunInstruction,
  reason: Reason,
): Failure | undefined {
  const found = findCommand(state, interpreter.name);
  const none = state.bourneShell.known && state.bourneShell.value === 'none' && /(^|\/)sh$/.test(interpreter.name);
  if (!found.known || found.value.presence !== 'absent') return undefined;
  const because = [reason, ...found.because, ...(none ? state.bourneShell.because : [])];
  const text = `the step needs ${interpreter.name}, which is not in the image`;
  const says = `exec: "${interpreter.name}": `;
  return { kind: 'interpreter-missing', at: instruction.place, subject: interpreter.name, text, because, says };
}

/** What the step leaves, and whether the build stops here. */
function settle(
  walk: StageWalk,
  instruction: RunInstruction,
  result: Flow,
  context: RunContext,
  reason: Reason,
  start: Shell,
): SimulatedImage {
  if (result.failure && result.success) walk.build.mayFail = true;
  if (result.success) return result.success.image;
  const { failure } = result;
  if (!failure) return (result.repaired ?? start).image;
  const { build } = walk;
  const open = failure.pending.filter((item) => !context.settled.has(item));
  if (open.length > 0) settlePending(failure, context, false);
  else if (failure.certain && !start.hypothetical && context.settled.size === 0) {
    const last = context.steps.at(-1);
    const text = 'the last command of the step fails, so the build stops';
    const at = last?.at ?? instruction.place;
    const subject = last?.argv?.join(' ') ?? instruction.keyword;
    const item = refuse(walk, {
      kind: 'other',
      at,
      subject,
      text,
      because: [reason],
      says: 'did not complete successfully',
    });
    last?.breaks.push(item);
    context.settled.add({
      failure: { ...item },
      step: last ?? openStep(context, at, start.image, start.image, {}),
      hypothetical: false,
    });
  }
  build.broken = true;
  return (result.repaired ?? failure).image;
}

function contextOf(
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
function shellOf(walk: StageWalk, image: SimulatedImage, interpreter: Interpreter): Shell {
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
