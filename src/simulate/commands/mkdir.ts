import { change } from '../change.ts';
import { type CommandModel, knownWords, succeeded, undecidedExit } from '../command-model.ts';
import { joinPath } from '../node.ts';

/** `mkdir [-p] [-m MODE] DIR…` */
export const mkdir: CommandModel = (call, state) => {
  const words = knownWords(call);
  if (!words.known || !call.cwd.known || !call.uid.known || !call.gid.known) return undefined;
  let parents = false;
  let mode = 0o777 & ~call.umask;
  const paths: string[] = [];
  for (let i = 1; i < words.value.length; i++) {
    const word = words.value[i] ?? '';
    if (word === '-p' || word === '--parents') parents = true;
    else if (word === '-m' && /^[0-7]+$/.test(words.value[i + 1] ?? ''))
      mode = Number.parseInt(words.value[++i] ?? '', 8);
    else if (word === '-v') continue;
    else if (word.startsWith('-')) return undefined;
    else paths.push(joinPath(call.cwd.value, word));
  }
  const edit = change(state, call.reason);
  const own = { uid: call.uid.value, gid: call.gid.value };
  for (const path of paths) edit.mkdir(path, { ...own, mode, parents: { ...own, mode: 0o777 & ~call.umask } });
  const effects = paths.map((path) => `creates ${path}`);
  if (parents && call.uid.value === 0) return succeeded(edit.state, effects, '');
  const free = paths.every((path) => {
    const found = state.tree.lookup(path, { follow: false });
    return found.known && found.value.presence === 'absent';
  });
  if (free && call.uid.value === 0) return succeeded(edit.state, effects, '');
  const vague = change(state, call.reason);
  for (const path of paths) vague.assumeBelow(path, 'mkdir fails where the directory exists or the parent does not');
  return undecidedExit(vague.state, 'mkdir fails where the directory exists or the parent does not', effects);
};
