import { change } from '../change.ts';
import { type Call, type CommandModel, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { openProgramFolders } from './apt.ts';
import { parseOptions, rest, word } from './options.ts';
import { absolute, ownerOf, pathOf } from './paths.ts';

/** Tools of which it is known below which folders they write; `.` is the folder they run in. What they do there is not followed. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  a2enmod: ['/etc/apache2'],
  a2dismod: ['/etc/apache2'],
  a2enconf: ['/etc/apache2'],
  a2disconf: ['/etc/apache2'],
  a2ensite: ['/etc/apache2'],
  a2dissite: ['/etc/apache2'],
  rustup: ['/usr/local/rustup', '/usr/local/cargo', '/root/.rustup', '/root/.cargo'],
  gpg: ['/root/.gnupg'],
  mktemp: ['/tmp'],
  mix: ['.', '/root/.mix', '/root/.hex', '/root/.cache'],
  protoc: ['.'],
  'golangci-lint': ['/root/.cache'],
  openssl: ['.'],
  'ssh-keygen': ['.', '/root/.ssh', '/etc/ssh'],
  'ssh-keyscan': ['/root/.ssh'],
  htpasswd: ['.', '/etc/nginx'],
  dos2unix: ['.'],
};

/** A tool that writes below its folders only, and in the files that its words name. */
export const bounded: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason);
  for (const folder of BELOW[call.name] ?? []) {
    const path = folder === '.' ? call.cwd.value : folder;
    if (path === '/') result.assumeBelow('/', `${call.name} writes files in it`);
    else result.fill(path, `${call.name} writes in it`, ownerOf(call));
  }
  for (const [i, arg] of call.argv.entries()) {
    const text = word(arg);
    const before = word(call.argv[i - 1]) ?? '';
    const out =
      /^(-o|-out|--output|-keyout|--go_out|--python_out)$/.test(before) || /^(dos2unix|htpasswd)$/.test(call.name);
    if (i === 0 || !out || text === undefined || text.startsWith('-')) continue;
    const path = pathOf(call, arg);
    if (path.known) result.write(path.value, ownerOf(call));
  }
  return succeeded(result.state, [`${call.name} writes below ${(BELOW[call.name] ?? []).join(', ')}`]);
};

/** gem and bundle: programs of gems go to the bundle's bin folder or /usr/local/bin. */
export const ruby: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const words = rest(call).map((arg) => word(arg) ?? '');
  const home = call.env.get('GEM_HOME');
  const bundle = home?.known ? home.value : '/usr/local/bundle';
  const result = change(state, call.reason).fill(bundle, `${call.name} installs gems in it`);
  result.fill('/var/lib/gems', `${call.name} installs gems in it`).fill('/root/.bundle', `${call.name} keeps settings`);
  result.open('/usr/local/bin', `${call.name} installs programs in it`);
  if (call.name === 'gem' && words[0] === 'install')
    for (const name of words.slice(1)) {
      if (!/^[a-z][\w-]*$/.test(name)) continue;
      result.write(joinPath(bundle, `bin/${name}`), { mode: 0o755 });
      result.addPackage({ manager: 'gem', name });
    }
  if (call.name !== 'gem') result.fill(call.cwd.value, `${call.name} may write in it`, ownerOf(call));
  return succeeded(result.state, [`${call.name} ${words.slice(0, 3).join(' ')}`]);
};

/** find: only looks, unless it deletes or runs something on what it finds. */
export const find: CommandModel = (call, state) => {
  const words = rest(call).map((arg) => word(arg));
  if (words.includes(undefined)) return undefined;
  const at = words.findIndex((item) => item?.startsWith('-') === true || item === '(' || item === '!');
  const roots = rest(call).slice(0, at < 0 ? undefined : at);
  const acts = words.some((item) => /^-(delete|exec|execdir|ok|okdir|fprint|fprintf|fls)$/.test(item ?? ''));
  if (!acts) return succeeded(state);
  const runs = words.findIndex((item) => /^-exec(dir)?$/.test(item ?? ''));
  const program = runs < 0 ? 'rm' : (words[runs + 1] ?? '').split('/').at(-1);
  if (/^(grep|test|ls|cat|echo|sha256sum|md5sum|stat|file)$/.test(program ?? '')) return succeeded(state);
  if (!/^(rm|chmod|chown|strip|sed|mv|gzip|touch|cp)$/.test(program ?? '')) return undefined;
  return touched(call, state, roots, `find runs ${program} below it`);
};

function touched(call: Call, state: ImageState, roots: ReturnType<typeof rest>, why: string): ReturnType<CommandModel> {
  const result = change(state, call.reason);
  for (const root of roots.length === 0 ? [] : roots) {
    const path = absolute(call, root.value);
    if (!path.known) return undefined;
    result.assumeBelow(path.value, why);
  }
  if (roots.length === 0) {
    if (!call.cwd.known) return undefined;
    result.assumeBelow(call.cwd.value, why);
  }
  return succeeded(result.state, [why]);
}

/** install-php-extensions: extensions with the packages they need, and Composer as `@composer`. */
export const phpInstaller: CommandModel = (call, state) => {
  const result = change(state, call.reason).fill('/usr/local/lib/php', 'extensions are installed in it');
  result.fill('/usr/local/etc/php', 'extensions are enabled in it').fill('/tmp', 'extensions are compiled in it');
  openProgramFolders(result, 'install-php-extensions installs packages');
  result.open('/usr/local/bin', 'install-php-extensions may install programs');
  if (rest(call).some((arg) => /^@composer/.test(word(arg) ?? '')))
    result.write('/usr/local/bin/composer', { mode: 0o755 });
  return succeeded(result.state, ['installs extensions of PHP']);
};

/** php: Composer's installer, artisan and other scripts of the project, which write below it. */
export const php: CommandModel = (call, state) => {
  const words = rest(call).map((arg) => word(arg) ?? '');
  if (!call.cwd.known) return undefined;
  if (/^-(v|m|i|-version|-ini)$/.test(words[0] ?? '')) return succeeded(state);
  const options = parseOptions(rest(call).slice(1), { flags: 'quiet 2', values: 'install-dir filename version' });
  const result = change(state, call.reason);
  if (words[0] === '-r') return succeeded(result.fill(call.cwd.value, 'php may write in it', ownerOf(call)).state);
  // The installer of Composer comes as a file or through a pipe.
  const piped = words[0] === '--' && (options?.value('install-dir') ?? options?.value('filename')) !== undefined;
  if (piped || /composer-setup\.php$|^installer$/.test(words[0] ?? '')) {
    const folder = options?.value('install-dir');
    const name = options?.value('filename');
    const into = folder?.known ? folder.value : call.cwd.value;
    result.write(joinPath(into, name?.known ? name.value : 'composer.phar'), { mode: 0o755 });
    return succeeded(result.state, [`installs Composer in ${into}`]);
  }
  if (words[0] !== 'artisan') return undefined;
  result.fill(call.cwd.value, `artisan ${words[1] ?? ''} may write in it`, ownerOf(call));
  return {
    state: result.state,
    exit: { status: 'unknown', why: 'the project is loaded' },
    effects: [`artisan ${words[1] ?? ''}`],
  };
};
