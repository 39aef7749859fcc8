import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import type { Options } from './options.ts';
import { absolute, textAt } from './paths.ts';

/** Whether something that is asked for without a condition lies in a Git repository. */
function fetchesWithGit(call: Call, state: ImageState, options: Options): boolean {
  const words = [...options.values('e'), ...options.operands.slice(1).map((arg) => arg.value)];
  if (words.some((value) => value.known && /(^|@\s*)git\+/.test(value.value))) return true;
  return options.values('r').some((value) => {
    const path = absolute(call, value);
    const text = path.known ? (textAt(state, path.value) ?? '') : '';
    return /^(?:-e\s+|[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?git\+[^\s;]+\s*(?:#.*)?$/m.test(text);
  });
}

/** pip calls git for what lies in a Git repository. */
export function gitMissing(call: Call, state: ImageState, options: Options): Failure | undefined {
  if (!fetchesWithGit(call, state, options)) return undefined;
  const presence = state.command('git');
  if (!presence.known || presence.value !== 'absent') return undefined;
  return {
    kind: 'command-missing',
    at: call.at,
    subject: 'git',
    text: `${call.name} stops: a requirement lies in a Git repository, and git is not in the image`,
    because: [...presence.because.slice(0, 2), call.reason],
    says: call.name === 'uv' ? 'Git' : "Cannot find command 'git'",
    detail: { command: 'git' },
  };
}
