import { change } from '../change.ts';
import type { CommandModel } from '../command-model.ts';
import { runWithTools } from './node-scripts.ts';
import { quote } from './npm-line.ts';
import { knownTexts } from './options.ts';

/** npx, bunx, pnpx: runs a tool of node_modules, or fetches it. */
export const npx: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const at = words.findIndex(
    (item, i) => !item.startsWith('-') && !/^(-p|--package|-c|--call)$/.test(words[i - 1] ?? ''),
  );
  const tool = words[at];
  if (tool === undefined || words.slice(0, at).some((item) => /^(-c|--call)/.test(item))) return undefined;
  const name = tool.replace(/(?<=.)@[^/@]*$/, '');
  const local = name.replace(/^@[^/]*\//, '');
  const text = [local === name ? name : local, ...words.slice(at + 1)].map(quote).join(' ');
  // npx fetches what is not installed: the tool is there in any case.
  const assured = change(state, call.reason).addCommand(local).state;
  const outcome = runWithTools(call, assured, world, call.cwd.value, text);
  if (outcome.exit.status === 'fails' && outcome.exit.failures.some((item) => item.kind === 'command-missing'))
    return undefined;
  return outcome;
};
