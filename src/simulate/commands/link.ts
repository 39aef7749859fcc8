import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { parseOptions, rest, word } from './options.ts';
import { absolute, baseName, because, kindAt, noSuchFile, ownerOf, parentOf, pathOf } from './paths.ts';

const SPEC = {
  flags: 's symbolic=s f force=f n no-dereference=n v verbose=v r relative=r T no-target-directory=T',
  values: 't target-directory=t',
};

/** ln -s and plain ln (a hard link is a copy as far as a file system's content goes). */
export const ln: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  if (!options || options.has('r')) return undefined;
  const folder = options.value('t');
  const { operands } = options;
  const last = folder ? undefined : operands.length > 1 ? operands.at(-1) : undefined;
  const sources = last ? operands.slice(0, -1) : operands;
  const target = folder ? absolute(call, folder) : last ? pathOf(call, last) : call.cwd;
  if (!target.known || sources.length === 0) return undefined;
  const kind = kindAt(state, target.value, !options.has('n'));
  if (kind === 'unknown' && !options.has('n') && !options.has('T')) {
    // A link to a directory that may be there would be made inside it.
    if (kindAt(state, parentOf(target.value)) === 'unknown' && !options.has('f')) return undefined;
  }
  const into = !options.has('T') && (kind === 'directory' || !last || sources.length > 1);
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const source of sources) {
    const text = word(source);
    if (text === undefined) return undefined;
    const path = into ? joinPath(target.value, baseName(text)) : target.value;
    const folder = parentOf(path);
    const above = kindAt(result.state, folder);
    if (above === 'absent' || above === 'file') {
      const what = above === 'file' ? 'is a file' : 'does not exist';
      const says = above === 'file' ? 'ot a directory' : 'No such file or directory';
      const failure = noSuchFile(call, result.state, folder, `ln stops: the folder ${folder} ${what}`, says);
      const repaired = options.has('s') ? change(state, call.reason).symlink(path, text, ownerOf(call)).state : state;
      return failed(result.state, [failure], { repaired });
    }
    const there = kindAt(result.state, path, false);
    // No ln puts a link in the place of a directory; each says so in other words.
    if (there === 'directory' && options.has('f')) return undefined;
    if (there !== 'absent' && there !== 'unknown' && !options.has('f')) {
      return failed(
        result.state,
        [
          {
            kind: 'other',
            at: call.at,
            subject: path,
            text: `ln without -f stops: ${path} exists already`,
            because: [...because(result.state, path), call.reason],
            says: 'File exists',
            detail: { path },
          },
        ],
        { repaired: result.state },
      );
    }
    if (options.has('s')) result.symlink(path, text, ownerOf(call));
    else {
      const from = pathOf(call, source);
      if (!from.known || kindAt(result.state, from.value) !== 'file') return undefined;
      result.copy(result.state, from.value, path, { keepOwner: true });
    }
    effects.push(`links ${path} to ${text}`);
  }
  return succeeded(result.state, effects, '');
};
