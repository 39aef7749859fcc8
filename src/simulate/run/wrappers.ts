import { known, unknown } from '../../facts/fact.ts';
import { findCommand } from '../command-lookup.ts';
import { joinPath } from '../node.ts';
import { doubtShell } from './doubt.ts';
import { external } from './external.ts';
import type { ExternalCall } from './external-call.ts';
import { failing } from './failing.ts';
import { innerShell } from './inner-shell.ts';
import { openStep, type RunContext } from './run-context.ts';
import { DEEPEST, scriptText, walkFile } from './script-file.ts';
import { type Flow, print, type Shell, setVariable, variable } from './shell-world.ts';

const SHELLS = /^(sh|bash|dash|ash)$/;

/** Commands that run other commands in the same image. */
export function wrapper(base: string, call: ExternalCall, shell: Shell, context: RunContext): Flow | undefined {
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
    const activated = path?.known ? activate(shell, path.value, words, call, context) : undefined;
    if (activated !== undefined) return { success: activated, ended: [] };
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

/** The script of a virtual environment puts its programs first; nothing else of it matters to a build. */
function activate(
  shell: Shell,
  written: string,
  words: readonly string[],
  call: ExternalCall,
  context: RunContext,
): Shell | undefined {
  const path =
    shell.cwd.known || written.startsWith('/') ? joinPath(shell.cwd.known ? shell.cwd.value : '/', written) : '';
  const [, prefix] = /^(\/.*)\/bin\/activate$/.exec(path) ?? [];
  const before = variable(shell, 'PATH');
  const mark = prefix === undefined ? undefined : shell.image.tree.lookup(`${prefix}/pyvenv.cfg`);
  if (prefix === undefined || mark?.known !== true || mark.value.presence !== 'present' || before?.known !== true)
    return undefined;
  openStep(context, call.at, shell.image, shell.image, { argv: words });
  const first = setVariable(shell, 'VIRTUAL_ENV', known(prefix, call.reason), true);
  const next = setVariable(first, 'PATH', { ...before, value: `${prefix}/bin:${before.value}` }, true);
  return { ...next, status: 0 };
}

/** `command -v x`, `which x`, `type x`. */
export function lookup(call: ExternalCall, shell: Shell, context: RunContext): Flow {
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
