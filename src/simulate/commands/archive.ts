import { change } from '../change.ts';
import { type Arg, type CommandModel, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { parseOptions, rest, word } from './options.ts';
import { absolute, because, kindAt, noSuchFile, ownerOf, pathOf } from './paths.ts';

const TAR = {
  flags:
    'x extract=x get=x c create=c t list=t z gzip=z J xz=J j bzip2=j v verbose=v p preserve-permissions=p same-permissions=p k overwrite no-same-owner no-same-permissions wildcards no-wildcards a auto-compress=a m touch=m h dereference=h zstd lzma same-owner numeric-owner no-anchored ignore-failed-read no-overwrite-dir keep-old-files=k warning',
  values:
    'f file=f C directory=C strip-components strip-path=strip-components exclude I use-compress-program=I T files-from=T X transform xform=transform owner group mode one-top-level b checkpoint',
};

/** tar: extracting fills a folder with what is not known; creating writes one file. */
export const tar: CommandModel = (call, state) => {
  const words = rest(call);
  const options = parseOptions(oldStyle(words), TAR);
  if (!options) return undefined;
  if (options.has('t')) return succeeded(state);
  const folder = options.value('C');
  const into = folder ? absolute(call, folder) : call.cwd;
  const file = options.value('f');
  const result = change(state, call.reason);
  if (options.has('c')) {
    const path = file ? absolute(call, file) : undefined;
    if (file?.known && file.value === '-') return succeeded(state);
    if (!path?.known) return undefined;
    return succeeded(result.write(path.value, { ...ownerOf(call), mode: 0o666 & ~call.umask }).state, [
      `creates ${path.value}`,
    ]);
  }
  if (!options.has('x') || !into.known) return undefined;
  const archive = file && !(file.known && file.value === '-') ? absolute(call, file) : undefined;
  if (archive?.known && !archive.value.startsWith('/dev/') && kindAt(state, archive.value) === 'absent') {
    const text = `tar stops: ${archive.value} does not exist`;
    return failed(state, [noSuchFile(call, state, archive.value, text, 'No such file or directory')], {
      code: 2,
      repaired: result.fill(into.value, 'tar extracts into it').state,
    });
  }
  if (kindAt(state, into.value) === 'absent') {
    return failed(
      state,
      [
        {
          kind: 'file-missing',
          at: call.at,
          subject: into.value,
          text: `tar stops: the folder ${into.value} does not exist`,
          because: [...because(state, into.value), call.reason],
          says: into.value,
          detail: { path: into.value },
        },
      ],
      { code: 2, repaired: result.fill(into.value, 'tar extracts into it').state },
    );
  }
  result.fill(into.value, `tar extracts ${archive?.known ? archive.value : 'an archive'} into it`, ownerOf(call));
  const strip = options.value('strip-components');
  // Named members are there afterwards.
  if (!strip && !options.has('transform')) {
    for (const member of options.operands) {
      const name = word(member);
      if (name !== undefined && !/[*?[]/.test(name) && !name.endsWith('/'))
        result.write(joinPath(into.value, name), { mode: 0o755 });
    }
  }
  return succeeded(result.state, [`extracts an archive into ${into.value}`]);
};

/** `tar xvfz FILE`, without a dash: the letters that want a word take the next ones, wherever they stand among the letters. */
function oldStyle(words: readonly Arg[]): readonly Arg[] {
  const [first, ...others] = words;
  const head = word(first);
  if (first === undefined || head === undefined || !/^[xctzjJvpfkahmC]+$/.test(head)) return words;
  const option = (letters: string): Arg => {
    const text = `-${letters}`;
    return { ...first, text, value: { known: true, value: text, because: [] } };
  };
  const flags = head.replace(/[fC]/g, '');
  const valued = [...head].filter((letter) => /[fC]/.test(letter));
  const values = valued.flatMap((letter, index) => [option(letter), ...others.slice(index, index + 1)]);
  return [...(flags === '' ? [] : [option(flags)]), ...values, ...others.slice(valued.length)];
}

/** unzip. */
export const unzip: CommandModel = (call, state) => {
  const words = rest(call);
  const at = words.findIndex((item) => word(item) === '-d');
  const target = at === -1 ? undefined : words[at + 1];
  const others = at === -1 ? words : words.toSpliced(at, 2);
  const options = parseOptions(others, { flags: 'q qq=q o n j l t u p v', values: 'd x P' });
  if (!options) return undefined;
  if (options.has('l') || options.has('t') || options.has('p')) return succeeded(state);
  const own = options.value('d');
  const into = target ? pathOf(call, target) : own ? absolute(call, own) : call.cwd;
  const file = options.operands[0] ? pathOf(call, options.operands[0]) : undefined;
  if (!into.known) return undefined;
  const result = change(state, call.reason).fill(into.value, 'unzip extracts into it', ownerOf(call));
  if (file?.known && kindAt(state, file.value) === 'absent') {
    return failed(
      state,
      [noSuchFile(call, state, file.value, `unzip stops: ${file.value} does not exist`, 'cannot find or open')],
      { code: 9, repaired: result.state },
    );
  }
  return succeeded(result.state, [`extracts an archive into ${into.value}`]);
};

/** gzip, gunzip, xz, bzip2, zstd on files: one file is replaced by another. */
export const compress: CommandModel = (call, state) => {
  const result = change(state, call.reason);
  const unpack = /^(gunzip|unxz|bunzip2|unzstd)$/.test(call.name);
  const options = parseOptions(rest(call), {
    flags: 'd decompress=d k keep=k c stdout=c f force=f q v 1 2 3 4 5 6 7 8 9 n r best=9 fast=1',
    values: '',
  });
  if (!options || options.has('r')) return undefined;
  if (options.has('c') || options.operands.length === 0) return succeeded(state);
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const ending = /\.(gz|xz|bz2|zst)$/.exec(path.value);
    if ((unpack || options.has('d')) !== (ending !== null)) return undefined;
    const to = ending
      ? path.value.slice(0, -ending[0].length)
      : `${path.value}.${call.name === 'gzip' ? 'gz' : call.name === 'xz' ? 'xz' : call.name === 'bzip2' ? 'bz2' : 'zst'}`;
    result.write(to, ownerOf(call));
    if (!options.has('k')) result.remove(path.value);
  }
  return succeeded(result.state);
};
