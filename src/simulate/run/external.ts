import { type Reason, unknown } from '../../facts/fact.ts';
import { findCommand } from '../command-lookup.ts';
import type { CommandModel, Failure, Outcome } from '../command-model.ts';
import { commandModels, foreignCommand } from '../commands/index.ts';
import { simulated } from '../image.ts';
import { joinPath } from '../node.ts';
import { doubtShell } from './doubt.ts';
import type { ExternalCall } from './external-call.ts';
import { failing } from './failing.ts';
import { toCall, worldOf } from './model-world.ts';
import { settlePending } from './pending.ts';
import { openStep, type RunContext } from './run-context.ts';
import { DEEPEST, scriptAt, walkFile } from './script-file.ts';
import { type Flow, print, type Shell } from './shell-world.ts';
import { wrapper } from './wrappers.ts';

/** A program: looked up, then modelled, walked (a script whose text is known) or in doubt. */
export function external(call: ExternalCall, shell: Shell, context: RunContext): Flow {
  const base = call.name.slice(call.name.lastIndexOf('/') + 1);
  const wrapped = wrapper(base, call, shell, context);
  if (wrapped) return wrapped;
  const found = findCommand(shell.image, call.name, shell.cwd.known ? shell.cwd.value : '/');
  if (
    found.known &&
    found.value.presence === 'absent' &&
    (shell.cwd.known || call.name.startsWith('/') || !call.name.includes('/'))
  ) {
    return missing(call, base, shell, context, found.because);
  }
  return perform(call, base, shell, context, found.known ? found.value.path : undefined);
}

function missing(
  call: ExternalCall,
  base: string,
  shell: Shell,
  context: RunContext,
  because: readonly Reason[],
): Flow {
  const path = call.name.includes('/') ? joinPath(shell.cwd.known ? shell.cwd.value : '/', call.name) : undefined;
  const there = path === undefined ? undefined : shell.image.tree.lookup(path);
  const denied = there?.known === true && there.value.presence !== 'absent';
  const manager = shell.image.packageManager;
  const foreign = manager.known ? foreignCommand(base, manager.value) : undefined;
  const failure: Failure = {
    kind: denied ? 'not-executable' : (foreign ?? 'command-missing'),
    at: call.at,
    subject: call.name,
    text: denied ? `${call.name} is not executable` : `\`${call.name}\` is not in the image`,
    because: [call.reason, ...because],
    says: denied ? 'ermission denied' : 'not found',
    detail: { command: call.name, ...(foreign && manager.known ? { manager: manager.value } : {}) },
  };
  const step = openStep(context, call.at, shell.image, shell.image, { argv: call.words });
  // As if it were there: what the author meant goes on in a world of its own, whose steps and breaks are hypothetical.
  const result = perform(
    call,
    base,
    { ...shell, hypothetical: shell.hypothetical || shell.certain },
    context,
    undefined,
  );
  if (result.failure) settlePending(result.failure, context, false);
  const repaired = result.success ?? result.repaired ?? shell;
  return failing(shell, [failure], step, denied ? 126 : 127, repaired);
}

function perform(call: ExternalCall, base: string, shell: Shell, context: RunContext, path: string | undefined): Flow {
  // All arguments of a script that are not known may hold any option.
  const open = call.args.some(({ many, text }) => many === true && /^["']?\$\{?[@*]/.test(text));
  const model = open ? undefined : commandModels.get(base);
  const outcome = model ? runModel(model, call, base, shell, context) : undefined;
  if (outcome) return fromOutcome(outcome, call, shell, context);
  if (path !== undefined && !model) {
    const script = scriptAt(shell, path);
    if (script !== undefined && context.depth < DEEPEST)
      return walkFile(script, call, call.args.slice(1), shell, context, true);
  }
  const why = `\`${call.words.slice(0, 3).join(' ')}\` is not modelled`;
  const after = doubtShell(shell, context, { ...call.reason, text: why }, call.at, {
    argv: call.words,
    unmodelled: why,
  });
  return { success: { ...after, status: 0 }, failure: after, ended: [] };
}

function runModel(
  model: CommandModel,
  call: ExternalCall,
  base: string,
  shell: Shell,
  context: RunContext,
): Outcome | undefined {
  return model(toCall(call, base, shell, context), shell.image, worldOf(shell, context, call));
}

function fromOutcome(outcome: Outcome, call: ExternalCall, shell: Shell, context: RunContext): Flow {
  const image = simulated(outcome.state);
  const details = { argv: call.words, effects: outcome.effects, unmodelled: outcome.unmodelled, bytes: outcome.bytes };
  const step = openStep(context, call.at, shell.image, image, details);
  if (outcome.unmodelled !== undefined) context.undecided({ ...call.reason, text: outcome.unmodelled });
  const printed = print({ ...shell, image }, outcome.stdout ?? unknown('what it prints is not known', call.reason));
  const after: Shell = { ...printed, status: undefined };
  if (outcome.exit.status === 'succeeds') return { success: { ...after, status: 0 }, ended: [] };
  if (outcome.exit.status === 'unknown') return { success: { ...after, status: 0 }, failure: after, ended: [] };
  const repaired = outcome.repaired ? { ...after, image: simulated(outcome.repaired) } : after;
  return failing(after, outcome.exit.failures, step, outcome.exit.code, repaired);
}
