import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { fileFailure, noneOf, runWithTools } from './node-project.ts';
import { flagValue, quote, splitLine } from './npm.ts';
import { knownTexts, parseOptions } from './options.ts';
import { ownerOf, textAt } from './paths.ts';
import { PIP_SPEC, pipInstall } from './pip.ts';
import { makeVenv } from './python.ts';
import { activeVenv, createVenv, installDistributions, placeIn, pythonVersion } from './python-env.ts';

const VALUED =
  /^(--with|--without|--only|--extras|-E|--directory|-C|--project|-P|--group|--extra|--no-group|--only-group|--python|-p|--index-url|--default-index|--index|--extra-index-url|--cache-dir|--link-mode|--format|-f|--output|-o|--output-file|--package|--no-install-package|--config-file|--no-extra|--refresh-package|--python-preference|--upgrade-package)$/;

/** Distributions that a lock file pins. */
function lockedNames(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/^\[\[package\]\]\s*\nname\s*=\s*"([^"]+)"/gm)].map((match) => match[1] ?? '');
}

function lockFailures(call: Call, state: ImageState, at: string, lock: string, says: string): readonly Failure[] {
  const failures: Failure[] = [];
  const manifest = noneOf(state, at, ['pyproject.toml']);
  if (manifest !== undefined) {
    failures.push(
      fileFailure(
        call,
        state,
        'manifest-missing',
        manifest,
        `${call.name} stops: there is no pyproject.toml in ${at}`,
        'pyproject.toml',
      ),
    );
    return failures;
  }
  const missing = says === '' ? undefined : noneOf(state, at, [lock]);
  if (missing !== undefined) {
    failures.push(
      fileFailure(call, state, 'lockfile-missing', missing, `${call.name} stops: there is no ${lock} in ${at}`, says),
    );
  }
  return failures;
}

/** Poetry and uv look for pyproject.toml in the folders above too. */
function projectFolder(state: ImageState, at: string): string {
  for (let folder = at; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    if (noneOf(state, folder, ['pyproject.toml']) === undefined) return folder;
    if (folder === '/') return at;
  }
}

/** uv. */
export const uv: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(words, VALUED);
  const into = flagValue(line.flags, '--directory', '--project');
  const at = projectFolder(state, into === undefined ? call.cwd.value : joinPath(call.cwd.value, into));
  switch (line.verb) {
    case 'sync':
      return uvSync(call, state, line.flags, at);
    case 'pip': {
      const verb = words.indexOf('pip');
      if (line.names[0] !== 'install' && line.names[0] !== 'sync')
        return line.names[0] === 'compile' ? undefined : succeeded(state);
      const options = parseOptions(call.argv.slice(verb + 2), PIP_SPEC);
      if (!options) return undefined;
      const system = options.has('system') || /^(1|true)$/.test(known(call, 'UV_SYSTEM_PYTHON') ?? '');
      const venv =
        known(call, 'VIRTUAL_ENV') ?? activeVenv(call, state) ?? (system ? null : joinPath(call.cwd.value, '.venv'));
      const prefix = options.value('prefix');
      const place = prefix?.known
        ? placeIn(prefix.value, pythonVersion(state))
        : placeIn(system || venv === null ? '/usr/local' : venv, pythonVersion(state));
      const target = options.value('t');
      return pipInstall(
        call,
        state,
        options,
        target?.known ? { bin: joinPath(target.value, 'bin'), lib: target.value } : place,
      );
    }
    case 'venv': {
      const folder = line.names[0];
      if (folder !== undefined) return makeVenv(call, state, words.indexOf('venv') + 2, line.flags.includes('--seed'));
      const result = change(state, call.reason);
      createVenv(result, call, joinPath(call.cwd.value, '.venv'), pythonVersion(state), line.flags.includes('--seed'));
      return succeeded(result.state, ['makes a virtual environment in .venv']);
    }
    case 'run': {
      const text = [...line.names, ...line.after].map(quote).join(' ');
      const environment = environmentOf(call, at);
      if (environment === undefined || text === '' || line.flags.length > 0) return undefined;
      return runWithTools(call, state, world, environment, text);
    }
    case 'python':
    case 'cache':
    case 'self':
    case 'version':
    case '':
      return succeeded(change(state, call.reason).fill('/root/.local/share/uv', 'uv keeps Python there').state);
    case 'tool': {
      const result = change(state, call.reason);
      for (const name of line.names.slice(1)) result.addCommand(name.replace(/[<>=@[].*$/, ''));
      result.fill(known(call, 'UV_TOOL_BIN_DIR') ?? '/root/.local/bin', 'uv tool installs scripts in it');
      return succeeded(result.state, [`installs ${line.names.slice(1).join(', ')}`]);
    }
    case 'export': {
      const file = flagValue(line.flags, '-o', '--output-file');
      const result = change(state, call.reason);
      if (file !== undefined) result.write(joinPath(call.cwd.value, file), ownerOf(call));
      const failures = lockFailures(
        call,
        state,
        at,
        'uv.lock',
        line.flags.some((flag) => /^--(frozen|locked)$/.test(flag)) ? 'uv.lock' : '',
      );
      return failures.length > 0
        ? failed(state, failures, { code: 2, repaired: result.state })
        : succeeded(result.state, ['exports the lock file']);
    }
    case 'lock':
      return succeeded(change(state, call.reason).write(joinPath(at, 'uv.lock'), ownerOf(call)).state, [
        'writes uv.lock',
      ]);
    default:
      return undefined;
  }
};

function known(call: Call, name: string): string | undefined {
  const value = call.env.get(name);
  return value?.known ? value.value : undefined;
}

/** UV_PROJECT_ENVIRONMENT, else .venv in the project; undefined where the variable's value is not known. */
function environmentOf(call: Call, at: string): string | undefined {
  const set = call.env.get('UV_PROJECT_ENVIRONMENT');
  if (set) return set.known ? joinPath(at, set.value) : undefined;
  return joinPath(at, '.venv');
}

function uvSync(call: Call, state: ImageState, flags: readonly string[], at: string): Outcome {
  const environment = flags.includes('--active')
    ? (known(call, 'VIRTUAL_ENV') ?? environmentOf(call, at))
    : environmentOf(call, at);
  const frozen = flags.includes('--frozen') || /^(1|true)$/.test(known(call, 'UV_FROZEN') ?? '');
  const locked = flags.includes('--locked') || /^(1|true)$/.test(known(call, 'UV_LOCKED') ?? '');
  const failures = lockFailures(call, state, at, 'uv.lock', frozen || locked ? 'uv.lock' : '');
  const result = change(state, call.reason);
  if (environment !== undefined) {
    if (environment !== '/usr/local' && environment !== '/usr')
      createVenv(result, call, environment, pythonVersion(state), false);
    installDistributions(
      result,
      call,
      placeIn(environment, pythonVersion(state)),
      lockedNames(textAt(state, joinPath(at, 'uv.lock'))),
      true,
    );
  } else result.assumeBelow(at, 'uv makes an environment, where is not known');
  if (!frozen && !locked) result.write(joinPath(at, 'uv.lock'), ownerOf(call));
  const effects = [`installs the project's dependencies in ${environment ?? 'an environment'}`];
  return failures.length > 0
    ? failed(state, failures, { code: 2, repaired: result.state, effects })
    : succeeded(result.state, effects);
}

/** poetry. */
export const poetry: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(words, VALUED);
  const into = flagValue(line.flags, '--directory', '-C', '--project', '-P');
  const at = projectFolder(state, into === undefined ? call.cwd.value : joinPath(call.cwd.value, into));
  const result = change(state, call.reason);
  switch (line.verb) {
    case 'config':
      if (line.names[0] === 'virtualenvs.create' || line.names[0] === 'virtualenvs.in-project') {
        result.addPackage({ manager: 'pip', name: `poetry-config:${line.names[0]}=${line.names[1] ?? ''}` });
      }
      return succeeded(result.state, [`sets ${line.names.join(' to ')}`]);
    case 'install':
    case 'sync': {
      const failures = lockFailures(call, state, at, 'poetry.lock', '');
      const names = lockedNames(textAt(state, joinPath(at, 'poetry.lock')));
      const venv = poetryEnvironment(call, state, at);
      if (venv !== undefined) {
        if (venv.made) createVenv(result, call, venv.prefix, pythonVersion(state), true);
        installDistributions(result, call, placeIn(venv.prefix, pythonVersion(state)), names, true);
      } else {
        for (const name of names) result.addPackage({ manager: 'pip', name });
        result.fill('/root/.cache', 'poetry keeps environments in it');
      }
      const effects = [`installs the project's dependencies${venv ? ` in ${venv.prefix}` : ''}`];
      return failures.length > 0
        ? failed(state, failures, { repaired: result.state, effects })
        : succeeded(result.state, effects);
    }
    case 'export': {
      const file = flagValue(line.flags, '-o', '--output');
      if (file !== undefined) result.write(joinPath(call.cwd.value, file), ownerOf(call));
      const failures = lockFailures(call, state, at, 'poetry.lock', '');
      return failures.length > 0
        ? failed(state, failures, { repaired: result.state })
        : succeeded(result.state, ['exports the lock file']);
    }
    case 'build':
      return succeeded(result.fill(joinPath(at, 'dist'), 'poetry builds packages in it', ownerOf(call)).state, [
        'builds packages in dist',
      ]);
    case 'run': {
      const venv = poetryEnvironment(call, state, at);
      const text = [...words.slice(words.indexOf('run') + 1)].map(quote).join(' ');
      return venv && text !== '' ? runWithTools(call, state, world, venv.prefix, text) : undefined;
    }
    case 'lock':
      return succeeded(result.write(joinPath(at, 'poetry.lock'), ownerOf(call)).state, ['writes poetry.lock']);
    case 'self':
    case 'cache':
    case 'check':
    case 'version':
    case 'show':
    case 'env':
    case '':
      return succeeded(state);
    default:
      return undefined;
  }
};

/** Where poetry installs: the active environment, the system (virtualenvs.create false), the project's .venv; else a folder
 * of its cache whose name is a hash. */
function poetryEnvironment(call: Call, state: ImageState, at: string): { prefix: string; made: boolean } | undefined {
  const setting = (variable: string, option: string): string | undefined =>
    known(call, variable) ??
    state.packages.findLast((item) => item.name.startsWith(`poetry-config:${option}=`))?.name.split('=')[1];
  const active = known(call, 'VIRTUAL_ENV') ?? activeVenv(call, state);
  if (active !== null && active !== undefined) return { prefix: active, made: false };
  const create = setting('POETRY_VIRTUALENVS_CREATE', 'virtualenvs.create');
  if (create !== undefined && /^(false|0|no)$/i.test(create)) return { prefix: '/usr/local', made: false };
  const inside = setting('POETRY_VIRTUALENVS_IN_PROJECT', 'virtualenvs.in-project');
  if (inside !== undefined && /^(true|1|yes)$/i.test(inside)) return { prefix: joinPath(at, '.venv'), made: true };
  return undefined;
}

/** pipenv. */
export const pipenv: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(words, /^(--python|-r|--categories|-i)$/);
  const at = call.cwd.value;
  const result = change(state, call.reason);
  if (!/^(install|sync|requirements|lock|verify|check|graph)$/.test(line.verb)) return undefined;
  if (line.verb === 'requirements' || line.verb === 'verify' || line.verb === 'check' || line.verb === 'graph')
    return succeeded(state);
  const failures: Failure[] = [];
  const lock = noneOf(state, at, ['Pipfile.lock']);
  if (
    (line.flags.includes('--deploy') || line.verb === 'sync' || line.flags.includes('--ignore-pipfile')) &&
    lock !== undefined
  ) {
    failures.push(
      fileFailure(
        call,
        state,
        'lockfile-missing',
        lock,
        `pipenv stops: there is no Pipfile.lock in ${at}`,
        'Pipfile.lock',
      ),
    );
  }
  const text = textAt(state, joinPath(at, 'Pipfile.lock'));
  const names = [...(text ?? '').matchAll(/^ {8}"([\w.-]+)": \{/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !/^(hash|pipfile-spec|requires|sources)$/.test(name));
  const inside = /^(1|true)$/i.test(known(call, 'PIPENV_VENV_IN_PROJECT') ?? '');
  const prefix = line.flags.includes('--system') ? '/usr/local' : inside ? joinPath(at, '.venv') : undefined;
  if (prefix === undefined) result.fill('/root/.local/share/virtualenvs', 'pipenv keeps environments in it');
  else {
    if (inside && prefix !== '/usr/local') createVenv(result, call, prefix, pythonVersion(state), true);
    installDistributions(result, call, placeIn(prefix, pythonVersion(state)), names, true);
  }
  const effects = [`installs the project's dependencies${prefix ? ` in ${prefix}` : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
};
