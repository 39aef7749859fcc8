import { change } from '../change.ts';
import { findCommand } from '../command-lookup.ts';
import { type Call, type CommandModel, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { simulated } from '../image.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { fileFailure, noneOf } from './node-project.ts';
import { type Options, parseOptions, word } from './options.ts';
import { absolute, because, denied, kindAt } from './paths.ts';
import { gitMissing } from './pip-git.ts';
import { buildFailure, lackingFor } from './python-build.ts';
import { compileFailures } from './python-compile.ts';
import {
  activeVenv,
  installDistributions,
  type PythonPlace,
  placeIn,
  prefixOfTool,
  pythonVersion,
  readRequirements,
} from './python-env.ts';
import { managedFailure } from './python-managed.ts';
import { type Asked, releaseFailures } from './python-releases.ts';
import { lackingForSetuptools } from './setuptools-build.ts';

export const PIP_SPEC = {
  flags:
    'no-cache-dir U upgrade=U q quiet=q v verbose=v user no-deps pre force-reinstall I ignore-installed=I no-build-isolation no-index prefer-binary break-system-packages disable-pip-version-check no-input no-warn-script-location require-hashes use-pep517 no-binary-all no-color isolated no-compile compile compile-bytecode system no-cache no-python-version-warning dry-run debug no-clean y yes=y no-verify strict reinstall refresh all-extras require-virtualenv no-sources exact',
  values:
    'r requirement=r requirements=r c constraint=c constraints=c e editable=e t target=t prefix root i index-url=i default-index=i extra-index-url index f find-links=f only-binary no-binary trusted-host cache-dir timeout retries progress-bar python python-version platform abi implementation root-user-action src upgrade-strategy config-settings C=config-settings global-option install-option cert proxy log use-feature use-deprecated no-build-isolation-package link-mode index-strategy p=python extra resolution w wheel-dir=w d dest=d torch-backend no-binary-package overrides o output-file=o group',
};

/** pip, and `python -m pip`. */
export const pip: CommandModel = (call, state) => pipCommand(call, state, 1, undefined);

/** `from`: index of the verb's first possible word. `prefix`: of the interpreter, where it is not found by name. */
export function pipCommand(
  call: Call,
  state: ImageState,
  from: number,
  prefix: string | undefined,
): Outcome | undefined {
  const options = parseOptions(call.argv.slice(from), PIP_SPEC);
  const verb = word(options?.operands[0]);
  if (!options || verb === undefined) return options && options.operands.length === 0 ? succeeded(state) : undefined;
  if (/^(list|show|freeze|check|config|cache|debug|index|help|inspect|hash)$/.test(verb)) return succeeded(state);
  if (verb === 'uninstall') {
    const result = change(state, call.reason);
    const place = placeOf(call, state, options, prefix);
    if (!place) return undefined;
    result.assumeBelow(place.bin, 'pip uninstall removes scripts');
    return succeeded(result.state, ['removes packages']);
  }
  if (verb === 'wheel' || verb === 'download') return collect(call, state, options, verb);
  if (verb !== 'install') return undefined;
  return pipInstall(call, state, options, placeOf(call, state, options, prefix));
}

function placeOf(call: Call, state: ImageState, options: Options, prefix: string | undefined): PythonPlace | undefined {
  const version = pythonVersion(state);
  const target = options.value('t');
  if (target) {
    const path = absolute(call, target);
    return path.known ? { bin: joinPath(path.value, 'bin'), lib: path.value } : undefined;
  }
  const own = options.value('prefix');
  if (own) {
    const path = absolute(call, own);
    return path.known ? placeIn(path.value, version) : undefined;
  }
  const root = options.value('root');
  if (root) return undefined;
  if (prefix !== undefined) return placeIn(prefix, version);
  if (options.has('user')) {
    const home = call.env.get('HOME');
    const folder = home?.known
      ? home.value
      : call.uid.known && call.uid.value === 0 && home === undefined
        ? '/root'
        : undefined;
    const base = call.env.get('PYTHONUSERBASE');
    if (base) return base.known ? placeIn(base.value, version) : undefined;
    return folder === undefined ? undefined : placeIn(`${folder}/.local`, version);
  }
  const named = word(call.argv[0]) ?? '';
  const path = named.startsWith('/') ? named : toolPath(state, call, named);
  const venv = path === undefined ? undefined : prefixOfTool(path, state);
  if (venv !== undefined) return placeIn(venv, version);
  const active = activeVenv(call, state);
  if (active === undefined) return undefined;
  if (active !== null) return placeIn(active, version);
  if (kindAt(state, '/usr/local/bin/python3') === 'file' || kindAt(state, '/usr/local/bin/python') === 'file')
    return placeIn('/usr/local', version);
  // Debian's own Python installs below /usr/local/lib/pythonX/dist-packages.
  return placeIn('/usr/local', version, 'dist-packages');
}

function toolPath(state: ImageState, call: Call, name: string): string | undefined {
  const found = findCommand(simulated(state), name, call.cwd.known ? call.cwd.value : '/');
  return found.known ? found.value.path : undefined;
}

/** What `pip install` with these options does, into a place (undefined: not known where). */
export function pipInstall(call: Call, state: ImageState, options: Options, place: PythonPlace | undefined): Outcome {
  const result = change(state, call.reason);
  const failures: Failure[] = [];
  const names: string[] = [];
  const asked: Asked[] = [];
  const conditional = new Set<string>();
  let elsewhere = false;
  let complete = true;
  let poetry: string | undefined;
  for (const key of ['r', 'c'] as const) {
    for (const value of options.values(key)) {
      const path = absolute(call, value);
      if (!path.known || (value.known && /^[a-z]+:\/\//i.test(value.value))) {
        complete = false;
        continue;
      }
      if (kindAt(state, path.value) === 'absent') failures.push(requirementsMissing(call, state, path.value));
      const read = readRequirements(state, path.value);
      if (key === 'r') names.push(...read.names);
      if (key === 'r') asked.push(...read.asked);
      for (const name of read.conditional) conditional.add(name);
      elsewhere ||= read.elsewhere;
      complete &&= read.complete;
      for (const file of read.files)
        if (kindAt(state, file) === 'absent') failures.push(requirementsMissing(call, state, file));
    }
  }
  const projects = [...options.values('e'), ...options.operands.slice(1).map((arg) => arg.value)];
  for (const value of projects) {
    if (!value.known) {
      complete = false;
      continue;
    }
    const text = value.value;
    if (/^(\.|\/|file:)/.test(text) && !/\.(whl|tar\.gz|zip)$/.test(text)) {
      complete = false;
      const folder = absolute(call, { ...value, value: text.replace(/\[.*\]$/, '').replace(/^file:(\/\/)?/, '') });
      if (folder.known) {
        const missing = noneOf(state, folder.value, ['pyproject.toml', 'setup.py', 'setup.cfg']);
        if (missing !== undefined && kindAt(state, folder.value) !== 'file') {
          const why = `pip stops: neither setup.py nor pyproject.toml is in ${folder.value}`;
          failures.push(
            fileFailure(call, state, 'manifest-missing', missing, why, "'setup.py' nor 'pyproject.toml' found"),
          );
        }
        const lack = lackingFor(state, folder.value) ?? lackingForSetuptools(state, folder.value);
        if (lack !== undefined) failures.push(buildFailure(call, state, folder.value, lack));
        // Builds leave their folders in the source.
        result.fill(joinPath(folder.value, 'build'), 'pip builds the project in it');
      }
    } else {
      const name = /^([A-Za-z0-9][\w.-]*)/.exec(text)?.[1];
      if (name === undefined || /^(git\+|https?:)/.test(text) || text.includes('://')) complete = false;
      else names.push(name);
      if (name !== undefined && /[;@]/.test(text)) conditional.add(name);
      else if (name !== undefined && !text.includes('://'))
        asked.push({ name, clause: text.slice(name.length).replace(/^\[[^\]]*\]/, '') });
      if (name === 'poetry') poetry = majorOf(text.slice(name.length).trim());
    }
  }
  const wanted = names.map((name) => ({ name, conditional: conditional.has(name) }));
  if (!elsewhere) failures.push(...compileFailures(call, state, options, wanted));
  if (!elsewhere && !options.has('c')) failures.push(...releaseFailures(call, state, options, asked));
  const git = gitMissing(call, state, options);
  if (git) failures.push(git);
  const managed = managedFailure(call, state, options, toolPath(state, call, word(call.argv[0]) ?? ''));
  if (managed) failures.unshift(managed);
  const refused =
    place && kindAt(state, place.lib) === 'directory' ? denied(call, state, `${place.lib}/x`, call.name) : undefined;
  if (place && !refused) installDistributions(result, call, place, names, complete);
  else if (refused) userInstall(call, state, result, names, complete);
  else for (const name of names) result.addPackage({ manager: 'pip', name });
  if (!place) result.assumeBelow('/usr/local', 'pip installs packages, where is not known');
  if (poetry !== undefined) result.addPackage({ manager: 'pip', name: 'poetry', version: poetry });
  const effects = [`installs ${names.slice(0, 8).join(', ') || 'a project'}${place ? ` in ${place.lib}` : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
}

/** The major version that a clause gives: the newest for any, and for a lower bound alone. */
function majorOf(clause: string): string | undefined {
  if (clause === '' || /^>=?\s*[\d.]+$/.test(clause)) return '2';
  return /^(?:={2,3}|~=)\s*(\d+)\./.exec(clause)?.[1];
}

/** Without rights pip falls back to the user's own folder. */
function userInstall(
  call: Call,
  state: ImageState,
  result: ReturnType<typeof change>,
  names: readonly string[],
  complete: boolean,
): void {
  const users =
    state.users.known && call.uid.known
      ? state.users.value.find((user) => call.uid.known && user.uid === call.uid.value)
      : undefined;
  const home = call.env.get('HOME');
  const folder = home?.known ? home.value : users?.home;
  if (folder === undefined) return;
  installDistributions(result, call, placeIn(`${folder}/.local`, pythonVersion(state)), names, complete);
}

function requirementsMissing(call: Call, state: ImageState, path: string): Failure {
  return {
    kind: 'manifest-missing',
    at: call.at,
    subject: path,
    text: `pip stops: ${path} does not exist`,
    because: [...because(state, path), call.reason],
    says: 'Could not open requirements file',
    detail: { path, command: 'pip' },
  };
}

function collect(call: Call, state: ImageState, options: Options, verb: string): Outcome | undefined {
  const folder = options.value(verb === 'wheel' ? 'w' : 'd') ?? { known: true as const, value: '.', because: [] };
  const path = absolute(call, folder);
  if (!path.known) return undefined;
  const failures: Failure[] = [];
  for (const value of options.values('r')) {
    const file = absolute(call, value);
    if (file.known && kindAt(state, file.value) === 'absent')
      failures.push(requirementsMissing(call, state, file.value));
  }
  const result = change(state, call.reason).fill(path.value, `pip ${verb} puts wheels in it`);
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state })
    : succeeded(result.state, [`puts wheels into ${path.value}`]);
}
