import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { copyEach, targetOf } from './copy.ts';
import { parseMode } from './mode.ts';
import { parseOptions, rest } from './options.ts';
import { readOwner } from './owner.ts';
import { because, kindAt, ownerOf, pathOf } from './paths.ts';

const INSTALL = {
  flags: 'd directory=d D v verbose=v C c p preserve-timestamps=p s strip=s T no-target-directory=T',
  values: 'm mode=m o owner=o g group=g t target-directory=t',
};

/** install: copies with mode (0755 unless -m) and owner, or makes directories (-d). */
export const install: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), INSTALL);
  if (!options) return undefined;
  const modeText = options.value('m');
  if (modeText && !modeText.known) return undefined;
  const mode = modeText ? parseMode(modeText.value, 0, options.has('d'), 0) : 0o755;
  const user = options.value('o');
  const group = options.value('g');
  if (mode === undefined || (user && !user.known) || (group && !group.known)) return undefined;
  const text = `${user ? user.value : ''}${group ? `:${group.value}` : ''}`;
  const given = text === '' ? {} : readOwner(text, call, state);
  if (given.failure) return failed(state, [given.failure]);
  if (given.uid === null || given.gid === null) return undefined;
  const own = {
    ...ownerOf(call),
    ...(given.uid === undefined ? {} : { uid: given.uid }),
    ...(given.gid === undefined ? {} : { gid: given.gid }),
  };
  if (options.has('d')) {
    const result = change(state, call.reason);
    for (const operand of options.operands) {
      const path = pathOf(call, operand);
      if (!path.known) return undefined;
      if (kindAt(result.state, path.value) === 'file') {
        const text = `install -d stops: ${path.value} is a file`;
        const reasons = [...because(result.state, path.value), call.reason];
        const failure = { kind: 'other', at: call.at, subject: path.value, text, because: reasons } as const;
        return failed(result.state, [failure], { repaired: result.state });
      }
      result.mkdir(path.value, { ...own, mode, parents: { uid: 0, gid: 0, mode: 0o755 } });
      result.chmod(path.value, () => mode);
      if (text !== '') result.chown(path.value, own.uid, own.gid);
    }
    return succeeded(
      result.state,
      options.operands.map((item) => `creates ${item.text}`),
      '',
    );
  }
  const where = targetOf(call, state, options);
  if (!where) return undefined;
  const make = options.has('D') ? { ...where, target: { ...where.target } } : where;
  const begin =
    options.has('D') && where.target.into ? change(state, call.reason).mkdir(where.target.path).state : state;
  return copyEach(call, begin, make, (result, from, to) => {
    result.copy(result.state, from, to, { follow: true, uid: own.uid ?? 0, gid: own.gid ?? 0, mode: () => mode });
    return undefined;
  });
};
