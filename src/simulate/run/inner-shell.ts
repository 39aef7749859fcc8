import { findCommand } from '../command-lookup.ts';
import type { Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ExternalCall } from './external-call.ts';
import { failing } from './failing.ts';
import { openStep, type RunContext } from './run-context.ts';
import { DEEPEST, scriptText, walkFile } from './script-file.ts';
import type { Flow, Shell } from './shell-world.ts';

export function innerShell(call: ExternalCall, shell: Shell, context: RunContext): Flow | undefined {
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
