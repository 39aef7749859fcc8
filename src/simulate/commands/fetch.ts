import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { parseOptions, rest, word } from './options.ts';
import { absolute, baseName, because, kindAt, ownerOf, parentOf } from './paths.ts';

const CURL = {
  flags:
    'f fail=f s silent=s S show-error=S L location=L O remote-name=O J remote-header-name=J k insecure=k g globoff=g compressed create-dirs tlsv1.2 tlsv1.3 proto-default v verbose=v i include=i I head=I 4 6 N no-progress-meter progress-bar # retry-connrefused retry-all-errors fail-with-body http1.1 http2 ssl-reqd R remote-time=R remote-name-all=O ssl-no-revoke location-trusted=L q',
  values:
    'o output=o H header=H d data=d X request=X A user-agent=A u user=u retry retry-delay retry-max-time connect-timeout m max-time=m proto cacert e referer=e x proxy=x output-dir=output-dir url b cookie c w write-out=w F form=F T data-binary=d data-raw=d resolve limit-rate y Y C continue-at=C proto-redir E cert key ciphers',
};

/** curl: what is downloaded is a file of unknown content. */
export const curl: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), CURL);
  if (!options) return undefined;
  const result = change(state, call.reason);
  const files = [...options.values('o')];
  const folder = options.value('output-dir');
  if (options.has('O')) {
    for (const url of options.operands) {
      const text = word(url);
      const name = text === undefined ? undefined : /^[^?#]*\/([^/?#]+)/.exec(text)?.[1];
      if (name === undefined || options.has('J')) {
        if (!call.cwd.known) return undefined;
        result.fill(call.cwd.value, 'curl saves a file in it', ownerOf(call));
      } else files.push({ known: true, value: name, because: [] });
    }
  }
  const effects: string[] = [];
  for (const file of files) {
    const named = folder?.known && file.known ? { ...file, value: joinPath(folder.value, file.value) } : file;
    const path = absolute(call, named);
    if (!path.known) {
      if (call.cwd.known && file.known === false)
        result.fill(call.cwd.value, 'curl saves a file whose name is not known', ownerOf(call));
      if (!file.known) return undefined;
      continue;
    }
    if (path.value.startsWith('/dev/')) continue;
    if (kindAt(result.state, parentOf(path.value)) === 'absent' && !options.has('create-dirs')) {
      return failed(
        state,
        [
          {
            kind: 'file-missing',
            at: call.at,
            subject: parentOf(path.value),
            text: `curl stops: the folder ${parentOf(path.value)} does not exist`,
            because: [...because(result.state, parentOf(path.value)), call.reason],
            says: 'Failed to open the file',
            detail: { path: parentOf(path.value) },
          },
        ],
        { code: 23, repaired: result.write(path.value, ownerOf(call)).state },
      );
    }
    result.write(path.value, { ...ownerOf(call), mode: 0o666 & ~call.umask });
    effects.push(`downloads ${path.value}`);
  }
  return succeeded(result.state, effects);
};

const WGET = {
  flags:
    'q quiet=q nv no-verbose=nv S server-response=S c continue=c no-check-certificate spider N timestamping=N show-progress no-cache v verbose=v r recursive=r np no-parent nc no-clobber=nc x force-directories=x no-hsts https-only 4 6 inet4-only content-disposition',
  values:
    'O output-document=O P directory-prefix=P t tries=t T timeout=T U user-agent=U header post-data progress waitretry e execute=e i input-file=i a o output-file=o secure-protocol ca-certificate retry-connrefused max-redirect connect-timeout read-timeout dns-timeout user password Y Q',
};

/** wget of GNU and of BusyBox. */
export const wget: CommandModel = (call, state) => {
  const words = rest(call).flatMap((arg) =>
    /^-(nv|nc|np)$/.test(word(arg) ?? '') ? [] : /^-qO-?$/.test(word(arg) ?? '') ? [arg] : [arg],
  );
  const options = parseOptions(words, WGET);
  if (!options || options.has('r') || options.has('i')) return undefined;
  const result = change(state, call.reason);
  if (options.has('spider')) return { state, exit: { status: 'unknown', why: 'the network decides' }, effects: [] };
  const output = options.value('O');
  if (output) {
    if (!output.known) return undefined;
    if (output.value === '-' || output.value.startsWith('/dev/')) return succeeded(state);
    const path = absolute(call, output);
    if (!path.known) return undefined;
    if (kindAt(result.state, parentOf(path.value)) === 'absent') {
      return failed(
        state,
        [
          {
            kind: 'file-missing',
            at: call.at,
            subject: parentOf(path.value),
            text: `wget stops: the folder ${parentOf(path.value)} does not exist`,
            because: [...because(result.state, parentOf(path.value)), call.reason],
            says: 'No such file or directory',
            detail: { path: parentOf(path.value) },
          },
        ],
        { repaired: result.write(path.value, ownerOf(call)).state },
      );
    }
    result.write(path.value, { ...ownerOf(call), mode: 0o666 & ~call.umask });
    return succeeded(result.state, [`downloads ${path.value}`]);
  }
  const prefix = options.value('P');
  const folder = prefix ? absolute(call, prefix) : call.cwd;
  if (!folder.known) return undefined;
  for (const url of options.operands) {
    const text = word(url);
    const name = text === undefined ? undefined : /^[^?#]*[^/?#:]\/([^/?#]+)$/.exec(text)?.[1];
    if (name === undefined) result.fill(folder.value, 'wget saves a file in it', ownerOf(call));
    else result.write(joinPath(folder.value, name), { ...ownerOf(call), mode: 0o666 & ~call.umask });
  }
  return succeeded(result.state, [`downloads into ${folder.value}`]);
};

/** git: clone fills a folder, checkout and the rest change the one they run in. */
export const git: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), {
    flags:
      'q quiet=q recursive=recursive recurse-submodules=recursive single-branch no-tags shallow-submodules bare mirror global system local f force=f init no-checkout hard progress v verbose=v tags add unset replace-all sparse no-single-branch',
    values: 'b branch=b depth C c filter o j jobs=j reference config=c separate-git-dir',
  });
  const verb = word(options?.operands[0]);
  if (!options || verb === undefined) return word(call.argv[1]) === '--version' ? succeeded(state) : undefined;
  const at = options.value('C') ? absolute(call, options.value('C') ?? call.cwd) : call.cwd;
  const result = change(state, call.reason);
  if (
    verb === 'config' ||
    verb === 'version' ||
    verb === 'rev-parse' ||
    verb === 'describe' ||
    verb === 'log' ||
    verb === 'status'
  ) {
    return succeeded(result.state);
  }
  if (!at.known) return undefined;
  if (verb === 'clone') {
    const url = word(options.operands[1]);
    const target = options.operands[2];
    const name = url === undefined ? undefined : baseName(url.replace(/\/+$/, '')).replace(/\.git$/, '');
    const path = target
      ? absolute(call, target.value)
      : name === undefined
        ? undefined
        : { ...at, value: joinPath(at.value, name) };
    if (!path?.known) {
      result.fill(at.value, 'git clones a repository into it', ownerOf(call));
      return succeeded(result.state, ['clones a repository']);
    }
    result.fill(path.value, 'git clones a repository into it', ownerOf(call));
    return succeeded(result.state, [`clones ${name ?? 'a repository'} into ${path.value}`]);
  }
  if (
    /^(checkout|switch|pull|fetch|submodule|reset|init|apply|am|merge|clean|lfs|remote|add|commit|tag|sparse-checkout|stash|restore)$/.test(
      verb,
    )
  ) {
    result.fill(at.value, `git ${verb} changes it`, ownerOf(call));
    return succeeded(result.state, [`git ${verb}`]);
  }
  return undefined;
};
