import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Simple } from '../../shell/ast.ts';
import { parseShell } from '../../shell/parse.ts';
import { findCommand } from '../command-lookup.ts';
import type { Arg, Call, CommandModel, Failure, Outcome, RunChanges, World } from '../command-model.ts';
import { commandModels, foreignCommand } from '../commands/index.ts';
import { simulated } from '../image.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { doubtShell } from './doubt.ts';
import { failing } from './failing.ts';
import { settlePending } from './pending.ts';
import { subshell } from './pipelines.ts';
import { type OpenStep, openStep, type RunContext } from './run-context.ts';
import { environment, type Flow, flow, mergeShells, print, type Shell } from './shell-world.ts';
import { nestedContext } from './substitution.ts';
import { walk } from './walk.ts';

export interface ExternalCall {
  readonly node?: Simple;
  readonly name: string;
  readonly args: readonly Arg[];
  readonly words: readonly string[];
  readonly at: OpenStep['at'];
  readonly reason: Reason;
  /** `NAME=value` before the command. */
  readonly env: ReadonlyMap<string, Fact<string>>;
}

const SHELLS = /^(sh|bash|dash|ash)$/;

/** Scripts call scripts at most this deep. */
const DEEPEST = 6;

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
  const model = commandModels.get(base);
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

function toCall(call: ExternalCall, base: string, shell: Shell, context: RunContext): Call {
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

/** Commands that run other commands in the same image. */
function wrapper(base: string, call: ExternalCall, shell: Shell, context: RunContext): Flow | undefined {
  const { args, words } = call;
  const rest = (from: number): Flow | undefined => {
    const name = args[from]?.value;
    if (!name?.known) return undefined;
    const inner = { ...call, name: name.value, args: args.slice(from), words: words.slice(from) };
    return external(inner, shell, context);
  };
  if (base === 'exec' || base === 'command' || base === 'builtin') {
    if (args.length === 1) return { success: { ...shell, status: 0 }, ended: [] };
    const option = args[1]?.value;
    if (base === 'command' && option?.known && /^-[vV]$/.test(option.value)) return lookup(call, shell, context);
    if (option?.known && option.value.startsWith('-')) return undefined;
    return rest(1);
  }
  if (base === 'type' || base === 'which') return lookup(call, shell, context);
  if (base === '.' || base === 'source') {
    const path = args[1]?.value;
    const script =
      path?.known && shell.cwd.known ? scriptText(shell, joinPath(shell.cwd.value, path.value)) : undefined;
    if (script !== undefined && context.depth < DEEPEST) return walkFile(script, call, [], shell, context, false);
    const why = `\`${words.slice(0, 2).join(' ')}\` reads a file that is not known`;
    const after = doubtShell(shell, context, { ...call.reason, text: why }, call.at, { argv: words });
    const open: Shell = { ...after, open: true };
    return { success: { ...open, status: 0 }, failure: open, ended: [] };
  }
  if (base === 'eval') {
    const texts = args.slice(1).map((arg) => (arg.value.known ? arg.value.value : undefined));
    if (texts.includes(undefined) || context.depth >= DEEPEST) return undefined;
    return walkFile(texts.join(' '), call, [], shell, context, false);
  }
  if (SHELLS.test(base)) return innerShell(call, shell, context);
  return undefined;
}

function innerShell(call: ExternalCall, shell: Shell, context: RunContext): Flow | undefined {
  const found = findCommand(shell.image, call.name, '/');
  if (!found.known || found.value.presence === 'absent' || context.depth >= DEEPEST) return undefined;
  const base = call.name.slice(call.name.lastIndexOf('/') + 1);
  const own: RunContext['dialect'] =
    base === 'bash'
      ? 'bash'
      : shell.image.bourneShell.known && shell.image.bourneShell.value !== 'none'
        ? shell.image.bourneShell.value
        : 'unknown';
  const inside: RunContext = { ...context, dialect: own };
  let options = { errexit: false, pipefail: false, nounset: false };
  for (let i = 1; i < call.args.length; i++) {
    const value = call.args[i]?.value;
    if (!value?.known) return undefined;
    const word = value.value;
    // `bash -` and `bash -s ARGS` read the commands from standard input.
    if (word === '-' || word === '-s' || word === '--') {
      if (word === '--') continue;
      if (shell.stdin?.known)
        return walkFile(shell.stdin.value, call, call.args.slice(i + 1), { ...shell, options }, inside, true);
      return undefined;
    }
    if (word === '-o') {
      const next = call.args[++i]?.value;
      if (next?.known && next.value === 'pipefail') options = { ...options, pipefail: true };
      continue;
    }
    if (/^-[a-z]+$/.test(word)) {
      if (word.includes('e')) options = { ...options, errexit: true };
      if (word.includes('u')) options = { ...options, nounset: true };
      if (word.includes('o')) i++;
      if (!word.includes('c')) continue;
      const text = call.args[i + 1]?.value;
      if (!text?.known) return undefined;
      return walkFile(text.value, call, call.args.slice(i + 3), { ...shell, options }, inside, true);
    }
    const path = shell.cwd.known ? joinPath(shell.cwd.value, word) : undefined;
    const script = path === undefined ? undefined : scriptText(shell, path);
    if (script === undefined) return path === undefined ? undefined : scriptMissing(call, word, path, shell, context);
    return walkFile(script, call, call.args.slice(i + 1), { ...shell, options }, inside, true);
  }
  if (shell.stdin?.known) return walkFile(shell.stdin.value, call, [], { ...shell, options }, inside, true);
  return undefined;
}

/** `sh setup.sh`, where no such file is certain. */
function scriptMissing(
  call: ExternalCall,
  name: string,
  path: string,
  shell: Shell,
  context: RunContext,
): Flow | undefined {
  const found = shell.image.tree.lookup(path);
  if (!found.known || found.value.presence !== 'absent') return undefined;
  const failure: Failure = {
    kind: 'file-missing',
    at: call.at,
    subject: path,
    text: `${call.name} stops: there is no ${path}`,
    because: [...found.because, call.reason],
    says: name,
    detail: { path },
  };
  const step = openStep(context, call.at, shell.image, shell.image, { argv: call.words });
  return failing(shell, [failure], step, 127, shell);
}

/** `command -v x`, `which x`, `type x`. */
function lookup(call: ExternalCall, shell: Shell, context: RunContext): Flow {
  const name = call.args.at(-1)?.value;
  openStep(context, call.at, shell.image, shell.image, { argv: call.words });
  const found = name?.known ? findCommand(shell.image, name.value, '/') : undefined;
  if (!found?.known || found.value.presence === 'assumed') {
    const world = print(shell, unknown('where a command is', call.reason));
    return { success: { ...world, status: 0 }, failure: { ...shell, status: 1 }, ended: [] };
  }
  if (found.value.presence === 'absent')
    return failing(shell, [], openStep(context, call.at, shell.image, shell.image, {}), 1);
  const { path } = found.value;
  const text = path === undefined ? unknown('where a command is') : known(`${path}\n`);
  return { success: { ...print(shell, text), status: 0 }, ended: [] };
}

/** The text of a file of the image, where it is certain. */
function scriptText(shell: Shell, path: string): string | undefined {
  const found = shell.image.tree.lookup(path);
  return found.known && found.value.presence === 'present' ? found.value.content?.() : undefined;
}

/** The same for an executable file: only when a Bourne-like shell is to read it. */
function scriptAt(shell: Shell, path: string): string | undefined {
  const text = scriptText(shell, path);
  return text !== undefined && /^#!\s*(\/usr)?\/bin\/(env\s+)?(sh|bash|dash|ash)\b[^\r\n]*\n/.test(text)
    ? text
    : undefined;
}

/** Walks a script that is called. `own`: in a shell of its own, whose variables end with it. */
function walkFile(
  text: string,
  call: ExternalCall,
  args: readonly Arg[],
  shell: Shell,
  context: RunContext,
  own: boolean,
): Flow {
  const script = parseShell(text);
  const nested = nestedContext(context, text, () => call.at);
  if (script.errors.length > 0) {
    const why = `a script that cannot be read: ${script.errors[0]?.text ?? ''}`;
    const after = doubtShell(shell, context, { ...call.reason, text: why }, call.at, { argv: call.words });
    return { success: after, failure: after, ended: [] };
  }
  const values: string[] = [];
  let positional: Fact<readonly string[]> = known(values);
  for (const { value } of args) {
    if (value.known) values.push(value.value);
    else positional = value;
  }
  if (!own) return walk(script.body, shell, nested, false);
  const shebang = /^#![^\n]*\s-([a-z]*)/.exec(text)?.[1] ?? '';
  const options = { ...shell.options, errexit: shell.options.errexit || shebang.includes('e') };
  let inner: Shell = { ...shell, positional, options, condition: false };
  for (const [name, value] of call.env)
    inner = { ...inner, variables: inner.variables.set(name, { value, exported: true }) };
  const result = subshell(walk(script.body, inner, nested, false), call.reason);
  const back = (world: Shell | undefined): Shell | undefined =>
    world
      ? {
          ...shell,
          image: world.image,
          out: world.out,
          status: world.status,
          pending: world.pending,
          hypothetical: world.hypothetical,
        }
      : undefined;
  return flow({ success: back(result.success), failure: back(result.failure), repaired: back(result.repaired) });
}

/** What a model may ask for, here: other commands in the same surroundings. */
function worldOf(shell: Shell, context: RunContext, call: ExternalCall): World {
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
