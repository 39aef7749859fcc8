import type { RunInstruction } from '../../dockerfile/types.ts';
import { known, type Reason } from '../../facts/fact.ts';
import type { Script } from '../../shell/ast.ts';
import { parseShell } from '../../shell/parse.ts';
import { change } from '../change.ts';
import { findCommand } from '../command-lookup.ts';
import type { Arg, Failure } from '../command-model.ts';
import { type SimulatedImage, withFields } from '../image.ts';
import { doubtShell } from '../run/doubt.ts';
import { external } from '../run/external.ts';
import { subshell } from '../run/pipelines.ts';
import type { OpenStep, RunContext } from '../run/run-context.ts';
import type { Flow, Shell } from '../run/shell-world.ts';
import { walk as walkCommand } from '../run/walk.ts';
import type { Break } from '../trace.ts';
import { closeMounts, openMounts } from './run-mounts.ts';
import { settle } from './run-outcome.ts';
import { type Interpreter, interpreterOf, syntaxFailure } from './run-shell.ts';
import { contextOf, shellOf } from './run-start.ts';
import { because, refuse, type StageWalk } from './stage-walk.ts';

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
  const settled = settle(walk, instruction, result, context, reason, start, breaks);
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
