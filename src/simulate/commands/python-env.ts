import { pipScripts } from '../../packages/python.ts';
import type { Change } from '../change.ts';
import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, ownerOf, textAt } from './paths.ts';

/** Where Python packages go: folder of scripts and of libraries; undefined parts are not known. */
export interface PythonPlace {
  readonly bin: string;
  readonly lib: string;
}

/** `3.12` of the interpreter that is used. */
export function pythonVersion(state: ImageState): string | undefined {
  const version = state.languages.get('python');
  return version?.known ? version.value : undefined;
}

export function placeIn(prefix: string, version: string | undefined, distribution = 'site-packages'): PythonPlace {
  return {
    bin: joinPath(prefix, 'bin'),
    lib: joinPath(prefix, version === undefined ? 'lib' : `lib/python${version}/${distribution}`),
  };
}

/** A virtual environment's folder when the command runs in one: by VIRTUAL_ENV with its bin on PATH, or by PATH alone. */
export function activeVenv(call: Call, state: ImageState): string | null | undefined {
  const path = call.env.get('PATH');
  if (path && !path.known) return undefined;
  for (const folder of (path?.value ?? '').split(':')) {
    if (!folder.endsWith('/bin')) continue;
    const prefix = folder.slice(0, -'/bin'.length);
    if (prefix === '/usr' || prefix === '/usr/local' || prefix === '') continue;
    if (kindAt(state, `${prefix}/pyvenv.cfg`) === 'file') return prefix;
  }
  return null;
}

/** The prefix an interpreter path belongs to: `/opt/venv` of `/opt/venv/bin/pip`. */
export function prefixOfTool(path: string, state: ImageState): string | undefined {
  const match = /^(\/.*)\/bin\/[^/]+$/.exec(path);
  if (!match?.[1]) return undefined;
  return kindAt(state, `${match[1]}/pyvenv.cfg`) === 'file'
    ? match[1]
    : match[1] === '/usr' || match[1] === '/usr/local'
      ? undefined
      : match[1];
}

/** Programs that come from a distribution's own packages: no package of PyPI that a project depends on brings a command of such a name. */
const DISTRIBUTION_TOOLS =
  'curl wget nc ncat netcat ping ps pgrep pidof ss netstat pg_isready psql redis-cli valkey-cli mysqladmin mysql mariadb mariadb-admin telnet dig nslookup su gosu su-exec'.split(
    ' ',
  );

/** Puts scripts of known distributions into `bin`; what else comes is open. */
export function installDistributions(
  result: Change,
  call: Call,
  place: PythonPlace,
  names: readonly string[],
  complete: boolean,
): void {
  const own = ownerOf(call);
  const before = result.state;
  const missing = DISTRIBUTION_TOOLS.filter((name) => {
    const presence = before.command(name);
    return presence.known && presence.value === 'absent';
  });
  result.fill(place.lib, `${call.name} installs packages in it`, own);
  result.mkdir(place.bin, own);
  // Dependencies bring scripts of their own; what was there (python, pip) stays.
  result.open(
    place.bin,
    complete ? `${call.name} installs scripts in it` : `${call.name} installs packages that are not all known`,
    own,
  );
  for (const name of missing) result.remove(joinPath(place.bin, name));
  for (const name of names) {
    const scripts = pipScripts(name);
    if (scripts.known)
      for (const script of scripts.value) result.write(joinPath(place.bin, script), { ...own, mode: 0o755 });
    result.addPackage({ manager: 'pip', name, prefix: place.lib }, ...scripts.because);
  }
}

/** Creates a virtual environment: interpreter links, pip, activation scripts. `interpreter`: where the links point, when it is known. */
export function createVenv(
  result: Change,
  call: Call,
  folder: string,
  version: string | undefined,
  pip: boolean,
  interpreter: string | undefined,
): void {
  const own = ownerOf(call);
  result.mkdir(folder, own);
  result.mkdir(`${folder}/bin`, own);
  result.write(`${folder}/pyvenv.cfg`, own);
  for (const name of ['activate', 'activate.csh', 'activate.fish', 'Activate.ps1'])
    result.write(`${folder}/bin/${name}`, { ...own, mode: 0o644 });
  if (interpreter === undefined) result.open(`${folder}/bin`, `${call.name} links to a Python that is not known`, own);
  else result.symlink(`${folder}/bin/python3`, interpreter, own);
  result.symlink(`${folder}/bin/python`, 'python3', own);
  if (version !== undefined) result.symlink(`${folder}/bin/python${version}`, 'python3', own);
  if (pip) for (const name of ['pip', 'pip3']) result.write(`${folder}/bin/${name}`, { ...own, mode: 0o755 });
  result.mkdir(`${folder}/lib`, own).mkdir(`${folder}/include`, own);
  result.fill(placeIn(folder, version).lib, `${call.name} makes a virtual environment`, own);
}

/** Where interpreter links of a virtual environment point: the interpreter found on PATH. Undefined where that is not known. */
export function interpreterPath(state: ImageState, name = 'python3'): string | undefined {
  for (const path of [`/usr/local/bin/${name}`, `/usr/bin/${name}`]) {
    const kind = kindAt(state, path);
    if (kind === 'unknown') return undefined;
    if (kind !== 'absent') return path;
  }
  return undefined;
}

/** uv uses the Python that is there, and fetches one where there is none: into the folder of a variable, or root's home. */
export function uvInterpreter(call: Call, result: Change): string | undefined {
  const { state } = result;
  const there = state.command('python3');
  if (!there.known || there.value !== 'absent' || !state.user.known || state.user.value.uid !== 0)
    return interpreterPath(state);
  const folder = call.env.get('UV_PYTHON_INSTALL_DIR');
  if (folder?.known === false) return undefined;
  const path = `${folder?.value ?? '/root/.local/share/uv/python'}/cpython/bin/python3`;
  result.write(path, { ...ownerOf(call), mode: 0o755 });
  return path;
}

export interface Requirements {
  readonly names: readonly string[];
  /** The clause of each that nothing can leave out. */
  readonly asked: readonly { readonly name: string; readonly clause: string }[];
  /** Those of them that a marker may leave out. */
  readonly conditional: readonly string[];
  /** Another index, or a folder of wheels, is named. */
  readonly elsewhere: boolean;
  /** Files that `-r` and `-c` name inside, absolute. */
  readonly files: readonly string[];
  readonly complete: boolean;
}

/** Names in a requirements file; `complete` when every line was understood. */
export function readRequirements(state: ImageState, path: string, seen: ReadonlySet<string> = new Set()): Requirements {
  const text = textAt(state, path);
  if (text === undefined || seen.has(path))
    return { names: [], asked: [], conditional: [], elsewhere: false, files: [], complete: false };
  const names: string[] = [];
  const asked: { name: string; clause: string }[] = [];
  const conditional: string[] = [];
  const files: string[] = [];
  let elsewhere = false;
  let complete = true;
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  for (const raw of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const file = /^(?:-r|--requirement|-c|--constraint)[=\s]*(\S+)/.exec(line)?.[1];
    if (file !== undefined) {
      if (/^[a-z]+:\/\//i.test(file)) {
        complete = false;
        continue;
      }
      const target = joinPath(folder, file);
      files.push(target);
      if (/^(-r|--requirement)/.test(line)) {
        const inner = readRequirements(state, target, new Set([...seen, path]));
        names.push(...inner.names);
        asked.push(...inner.asked);
        conditional.push(...inner.conditional);
        elsewhere ||= inner.elsewhere;
        files.push(...inner.files);
        complete &&= inner.complete;
      }
      continue;
    }
    const [, name, , clause = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([<>=!~;@ ].*)?$/.exec(line) ?? [];
    if (/^(-i|-f|--(extra-)?index-url|--find-links|--no-index|--only-binary|--no-binary)\b/.test(line))
      elsewhere = true;
    if (name !== undefined && /;|@/.test(line)) conditional.push(name);
    if (name !== undefined && !/[;@]/.test(line))
      asked.push({ name, clause: clause.replace(/\s--hash.*$/, '').trim() });
    if (name !== undefined) names.push(name);
    else if (!line.startsWith('-')) complete = false;
    else if (/^(-e|--editable)/.test(line)) complete = false;
  }
  return { names, asked, conditional, elsewhere, files, complete };
}
