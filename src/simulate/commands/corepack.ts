import { change } from '../change.ts';
import { type CommandModel, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { flagValue, splitLine } from './npm-line.ts';
import { knownTexts } from './options.ts';

/** corepack enable and prepare: the managers' names become commands. */
export const corepack: CommandModel = (call, state) => {
  const words =
    knownTexts(call.argv.slice(1)) ?? call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const line = splitLine(words, /^--install-directory$/);
  if (!/^(enable|prepare|use|install|up|hydrate|disable|pack|cache)?$/.test(line.verb)) return undefined;
  const result = change(state, call.reason);
  if (line.verb === 'enable') {
    const folder = flagValue(line.flags, '--install-directory') ?? '/usr/local/bin';
    const wanted = line.names.length > 0 ? line.names : ['yarn', 'pnpm'];
    for (const name of wanted) {
      const tools = name === 'yarn' ? ['yarn', 'yarnpkg'] : name === 'pnpm' ? ['pnpm', 'pnpx'] : [name];
      for (const tool of tools) result.write(joinPath(folder, tool), { mode: 0o755, noFollow: true, replace: true });
    }
    return succeeded(result.state, [`makes ${wanted.join(' and ')} available`]);
  }
  return succeeded(result.state, [`corepack ${line.verb}`]);
};
