import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { parseMode } from './mode.ts';
import { parseOptions, rest } from './options.ts';
import { because, denied, idsKnown, kindAt, ownerOf, parentOf, pathOf } from './paths.ts';

const SPEC = { flags: 'p parents=p v verbose=v', values: 'm mode=m' };

/** mkdir: with -p parents too, modes by umask (the last component by -m). */
export const mkdir: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  if (!options || options.operands.length === 0) return undefined;
  const wanted = options.value('m');
  if (wanted && !wanted.known) return undefined;
  const base = 0o777 & ~call.umask;
  const mode = wanted ? parseMode(wanted.value, 0o777, true, call.umask) : base;
  if (mode === undefined) return undefined;
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const now = result.state;
    const kind = kindAt(now, path.value);
    const own = ownerOf(call);
    const make = () => {
      result.mkdir(path.value, { ...own, mode, parents: { uid: own.uid ?? 0, gid: own.gid ?? 0, mode: base | 0o300 } });
      if (!idsKnown(call) && kind !== 'directory') result.chown(path.value, own.uid ?? null, own.gid ?? null);
    };
    if (kind === 'directory' && options.has('p')) continue;
    if (kind === 'directory' || kind === 'file') {
      return failed(
        now,
        [
          {
            kind: 'other',
            at: operand.at,
            subject: path.value,
            text: `mkdir stops: ${path.value} exists already${kind === 'file' ? ' and is a file' : ''}`,
            because: [...because(now, path.value), call.reason],
            says: 'File exists',
            detail: { path: path.value },
          },
        ],
        { repaired: now },
      );
    }
    if (!options.has('p') && kindAt(now, parentOf(path.value)) === 'absent') {
      make();
      return failed(
        now,
        [
          {
            kind: 'file-missing',
            at: operand.at,
            subject: parentOf(path.value),
            text: `mkdir without -p stops: ${parentOf(path.value)} does not exist`,
            because: [...because(now, parentOf(path.value)), call.reason],
            says: 'No such file or directory',
            detail: { path: parentOf(path.value) },
          },
        ],
        { repaired: result.state },
      );
    }
    const refused = kind === 'absent' ? denied(call, now, path.value, 'mkdir') : undefined;
    make();
    if (refused) return failed(now, [refused], { repaired: result.state });
    effects.push(`creates ${path.value}`);
  }
  return succeeded(result.state, effects, options.has('v') ? undefined : '');
};

/** rmdir: only what is empty. */
export const rmdir: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'p v ignore-fail-on-non-empty=i' });
  if (!options || options.has('p')) return undefined;
  const result = change(state, call.reason);
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const listed = result.state.tree.list(path.value);
    if (!listed.known || !listed.value.complete || listed.value.names.length > 0) return undefined;
    result.remove(path.value);
  }
  return succeeded(result.state, [], '');
};
