import { known } from '../../facts/fact.ts';
import type { Call, Outcome, RunChanges, World } from '../command-model.ts';
import { simulated } from '../image.ts';
import type { ImageState } from '../state.ts';
import { doubtShell } from './doubt.ts';
import { external } from './external.ts';
import type { ExternalCall } from './external-call.ts';
import type { RunContext } from './run-context.ts';
import { DEEPEST, walkFile } from './script-file.ts';
import { environment, type Flow, mergeShells, type Shell } from './shell-world.ts';

export function toCall(call: ExternalCall, base: string, shell: Shell, context: RunContext): Call {
  const env = new Map([...environment(shell), ...call.env]);
  return {
    argv: call.args,
    name: base,
    at: call.at,
    reason: call.reason,
    cwd: shell.cwd,
    env,
    envOpen: shell.open,
    uid: context.uid,
    gid: context.gid,
    umask: shell.umask,
    mounts: context.mounts,
    shell: context.dialect,
    ...(shell.stdin ? { stdin: shell.stdin } : {}),
  };
}

/** What a model may ask for, here: other commands in the same surroundings. */
export function worldOf(shell: Shell, context: RunContext, call: ExternalCall): World {
  const surroundings = (state: ImageState, changes: RunChanges | undefined): { world: Shell; inside: RunContext } => {
    let variables = shell.variables;
    for (const [name, value] of [...call.env, ...(changes?.env ?? [])])
      variables = variables.set(name, { value, exported: true });
    const world: Shell = {
      ...shell,
      image: simulated(state),
      variables,
      cwd: changes?.cwd ?? shell.cwd,
      out: known(''),
    };
    const inside = {
      ...context,
      uid: changes?.uid ?? context.uid,
      gid: changes?.gid ?? context.gid,
      depth: context.depth + 1,
    };
    return { world, inside };
  };
  const outcome = (result: Flow, state: ImageState): Outcome => {
    const { success, failure, repaired } = result;
    const merged = mergeShells(success, failure, call.reason);
    const stdout = merged?.out;
    const done = { state: merged?.image ?? state, effects: [], ...(stdout ? { stdout } : {}) };
    if (success && failure) return { ...done, exit: { status: 'unknown', why: 'what it runs may fail' } };
    if (!failure) return { ...done, exit: { status: 'succeeds' } };
    const failures = failure.pending.filter((item) => !context.settled.has(item)).map((item) => item.failure);
    for (const item of failure.pending) context.settled.add(item);
    const exit = { status: 'fails', code: failure.status || 1, failures } as const;
    return repaired ? { ...done, exit, repaired: repaired.image } : { ...done, exit };
  };
  return {
    ...context.world,
    runShell: (text, _call, state, changes) => {
      const { world, inside } = surroundings(state, changes);
      if (context.depth >= DEEPEST) return tooDeep(state, call, inside, world);
      return outcome(walkFile(text, call, [], world, inside, true), state);
    },
    runArgv: (argv, _call, state, changes) => {
      const { world, inside } = surroundings(state, changes);
      const name = argv[0]?.value;
      if (context.depth >= DEEPEST || !name?.known) return tooDeep(state, call, inside, world);
      const words = argv.map((arg) => (arg.value.known ? arg.value.value : arg.text));
      return outcome(external({ ...call, name: name.value, args: argv, words, env: new Map() }, world, inside), state);
    },
  };
}

function tooDeep(state: ImageState, call: ExternalCall, context: RunContext, shell: Shell): Outcome {
  const why = 'commands that run commands, deeper than Plimsoll follows';
  const after = doubtShell({ ...shell, image: simulated(state) }, context, { ...call.reason, text: why }, call.at, {});
  return { state: after.image, exit: { status: 'unknown', why }, effects: [], unmodelled: why };
}
