import { change } from '../change.ts';
import { type CommandModel, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { readManifest } from './node-project.ts';
import { runScript } from './node-scripts.ts';
import { quote } from './npm-line.ts';
import { knownTexts } from './options.ts';

/** rimraf and del-cli. */
export const rimraf: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known || words.some((item) => /[*?{]/.test(item))) return undefined;
  const result = change(state, call.reason);
  for (const item of words) if (!item.startsWith('-')) result.remove(joinPath(call.cwd.value, item));
  return succeeded(result.state, [`removes ${words.join(', ')}`]);
};

/** cross-env NAME=value command. */
export const crossEnv: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words) return undefined;
  const from = words.findIndex((item) => !/^[A-Za-z_]\w*=/.test(item));
  if (from === -1) return succeeded(state);
  const text = [
    ...words.slice(0, from).map((item) => item.replace(/=(.*)$/s, (_, value: string) => `=${quote(value)}`)),
    ...words.slice(from).map(quote),
  ].join(' ');
  return world.runShell(text, call, state);
};

/** npm-run-all, run-s, run-p: scripts one after another. */
export const runAll: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known || words.some((item) => /[*{]/.test(item))) return undefined;
  const manifest = readManifest(state, call.cwd.value);
  if (typeof manifest === 'string') return undefined;
  let now = state;
  const effects: string[] = [];
  for (const name of words.filter((item) => !item.startsWith('-'))) {
    const outcome = runScript(call, now, world, call.cwd.value, manifest, name, '');
    if (outcome?.exit.status !== 'succeeds') return outcome;
    effects.push(...outcome.effects);
    now = outcome.state;
  }
  return succeeded(now, effects);
};
