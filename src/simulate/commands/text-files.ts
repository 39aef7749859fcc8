import { known } from '../../facts/fact.ts';
import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { parseOptions, rest, word } from './options.ts';
import { denied, entryAt, idsKnown, kindAt, noSuchFile, ownerOf, parentOf, pathOf, textAt } from './paths.ts';

/** touch: creates empty files where there are none. */
export const touch: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'c no-create=c a m f h', values: 't d date=d r reference=r' });
  if (!options || options.operands.length === 0) return undefined;
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const kind = kindAt(result.state, path.value);
    if (kind === 'directory' || kind === 'file' || options.has('c')) continue;
    if (kind === 'absent' && kindAt(result.state, parentOf(path.value)) === 'absent') {
      const text = `touch stops: the folder ${parentOf(path.value)} does not exist`;
      const failure = noSuchFile(call, result.state, parentOf(path.value), text, 'No such file or directory');
      return failed(state, [failure], { repaired: result.write(path.value, { ...ownerOf(call) }).state });
    }
    const refused = kind === 'absent' ? denied(call, result.state, path.value, 'touch') : undefined;
    result.write(path.value, {
      ...ownerOf(call),
      mode: 0o666 & ~call.umask,
      ...(kind === 'absent' ? { size: 0, content: () => '' } : {}),
    });
    if (!idsKnown(call)) result.chown(path.value, null, null);
    if (refused) return failed(state, [refused], { repaired: result.state });
    effects.push(`creates ${path.value}`);
  }
  return succeeded(result.state, effects, '');
};

/** tee: writes its input to files and repeats it. */
export const tee: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'a append=a i' });
  if (!options) return undefined;
  const result = change(state, call.reason);
  const input = call.stdin ?? known('');
  const effects: string[] = [];
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    if (path.value.startsWith('/dev/')) continue;
    const old = options.has('a')
      ? kindAt(result.state, path.value) === 'absent'
        ? ''
        : textAt(result.state, path.value)
      : '';
    const text = input.known && old !== undefined ? old + input.value : undefined;
    if (kindAt(result.state, parentOf(path.value)) === 'absent') {
      const problem = `tee stops: the folder ${parentOf(path.value)} does not exist`;
      const failure = noSuchFile(call, result.state, parentOf(path.value), problem, 'No such file or directory');
      return failed(state, [failure], { repaired: result.write(path.value, ownerOf(call)).state });
    }
    result.write(path.value, {
      ...ownerOf(call),
      mode: 0o666 & ~call.umask,
      ...(text === undefined ? {} : { content: () => text, size: byteLength(text) }),
    });
    effects.push(`writes ${path.value}`);
  }
  return { ...succeeded(result.state, effects), stdout: input };
};

/** UTF-8 bytes of a text. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** cat of files whose text is known, or of its input. */
export const cat: CommandModel = (call, state) => {
  const words = rest(call);
  if (words.some((item) => /^-[^-]|^--/.test(word(item) ?? ''))) return succeeded(state);
  if (words.length === 0)
    return { ...succeeded(state), ...(call.stdin ? { stdout: call.stdin } : { stdout: known('') }) };
  const parts: string[] = [];
  let complete = true;
  for (const operand of words) {
    const path = pathOf(call, operand);
    if (!path.known) return succeeded(state);
    if (kindAt(state, path.value) === 'absent' && !path.value.startsWith('/dev/') && !path.value.startsWith('/proc/')) {
      const text = `cat stops: ${path.value} does not exist`;
      return failed(state, [noSuchFile(call, state, path.value, text, 'No such file or directory')], {
        repaired: state,
      });
    }
    const text = textAt(state, path.value);
    if (text === undefined) complete = false;
    else parts.push(text);
  }
  return complete ? succeeded(state, [], parts.join('')) : succeeded(state);
};

const SED = {
  flags: 'n quiet=n silent=n E r=E regexp-extended=E s separate=s u unbuffered=u z null-data=z posix debug sandbox',
  values: 'e expression=e f file=f l',
};

/** sed: with -i the files change in ways that are not followed (but for line ends); without, nothing does. */
export const sed: CommandModel = (call, state) => {
  const words = rest(call);
  const inPlace = words.findIndex((item) => /^(-[nErsuz]*i|--in-place)/.test(word(item) ?? ''));
  if (inPlace === -1) {
    return words.every((item) => item.value.known) &&
      !words.some((item) => /(^|[;}\d])w |\bw\s+\//.test(word(item) ?? ''))
      ? succeeded(state)
      : undefined;
  }
  const flags = word(words[inPlace]) ?? '';
  const suffix = flags.startsWith('--')
    ? flags.slice('--in-place'.length).replace(/^=/, '')
    : flags.slice(flags.indexOf('i') + 1);
  const options = parseOptions(words.toSpliced(inPlace, 1), SED);
  if (!options) return undefined;
  const script = options.has('e') || options.has('f') ? undefined : options.operands[0];
  const files = script ? options.operands.slice(1) : options.operands;
  const expression =
    word(script) ??
    (options.value('e')?.known
      ? options
          .values('e')
          .map((item) => (item.known ? item.value : ''))
          .join(';')
      : undefined);
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const operand of files) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    if (kindAt(result.state, path.value) === 'absent') {
      const problem = `sed -i stops: ${path.value} does not exist`;
      const failure = noSuchFile(call, result.state, path.value, problem, 'No such file or directory');
      return failed(state, [failure], { repaired: result.state });
    }
    const entry = entryAt(result.state, path.value);
    const old = textAt(result.state, path.value);
    const unix = expression !== undefined && /^s\/\\r(\$|\\\+\$|)\/\/g?$/.test(expression) && old !== undefined;
    const text = unix ? old.replace(/\r(?=\n|$)/g, '') : undefined;
    if (suffix !== '') result.copy(result.state, path.value, `${path.value}${suffix}`, { keepOwner: true });
    // sed writes a new file with the old one's mode and owner (as far as it may).
    const { mode, uid, gid } = entry?.attributes ?? {};
    if (mode !== undefined && uid !== undefined && gid !== undefined) {
      result.write(path.value, {
        mode,
        uid,
        gid,
        replace: true,
        ...(text === undefined ? {} : { content: () => text, size: byteLength(text) }),
      });
    } else result.write(path.value);
    effects.push(`edits ${path.value}`);
  }
  return succeeded(result.state, effects, '');
};
