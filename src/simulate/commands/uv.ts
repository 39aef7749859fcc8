import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord } from './node-project.ts';
import { runWithTools } from './node-scripts.ts';
import { flagValue, quote, splitLine } from './npm-line.ts';
import { knownTexts, parseOptions } from './options.ts';
import { ownerOf, textAt } from './paths.ts';
import { PIP_SPEC, pipInstall } from './pip.ts';
import { makeVenv } from './python.ts';
import { buildFailure, lackingFor, projectAt } from './python-build.ts';
import { activeVenv, createVenv, installDistributions, placeIn, pythonVersion, uvInterpreter } from './python-env.ts';
import { groupFailure } from './python-groups.ts';
import { lockedNames, lockFailures, PROJECT_VALUED, projectFolder, variable } from './python-project.ts';
import { lackingForSetuptools } from './setuptools-build.ts';

/** uv. */
export const uv: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(words, PROJECT_VALUED);
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
      const system = options.has('system') || /^(1|true)$/.test(variable(call, 'UV_SYSTEM_PYTHON') ?? '');
      const venv =
        variable(call, 'VIRTUAL_ENV') ?? activeVenv(call, state) ?? (system ? null : joinPath(call.cwd.value, '.venv'));
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
      createVenv(
        result,
        call,
        joinPath(call.cwd.value, '.venv'),
        pythonVersion(state),
        line.flags.includes('--seed'),
        uvInterpreter(call, result),
      );
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
      result.fill(variable(call, 'UV_TOOL_BIN_DIR') ?? '/root/.local/bin', 'uv tool installs scripts in it');
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

/** What stops uv when it builds the project itself: one that has a build system, or says that it is a package. */
function projectFailures(call: Call, state: ImageState, flags: readonly string[], at: string): readonly Failure[] {
  const left =
    /^--(no-install-(project|workspace|local)|only-dev|only-group|package|all-packages|dry-run|help|script)(=|$)/;
  if (call.env.has('UV_NO_INSTALL_PROJECT') || flags.some((flag) => left.test(flag))) return [];
  const data = projectAt(state, at);
  const tool = isRecord(data?.['tool']) && isRecord(data['tool']['uv']) ? data['tool']['uv'] : {};
  if (tool['package'] === false || (data?.['build-system'] === undefined && tool['package'] !== true)) return [];
  const lack = lackingFor(state, at) ?? lackingForSetuptools(state, at);
  return lack === undefined
    ? []
    : [buildFailure(call, state, at, lack, ' (--no-install-project installs the dependencies only)')];
}

/** UV_PROJECT_ENVIRONMENT, else .venv in the project; undefined where the variable's value is not known. */
function environmentOf(call: Call, at: string): string | undefined {
  const set = call.env.get('UV_PROJECT_ENVIRONMENT');
  if (set) return set.known ? joinPath(at, set.value) : undefined;
  return joinPath(at, '.venv');
}

function uvSync(call: Call, state: ImageState, flags: readonly string[], at: string): Outcome {
  const environment = flags.includes('--active')
    ? (variable(call, 'VIRTUAL_ENV') ?? environmentOf(call, at))
    : environmentOf(call, at);
  const frozen = flags.includes('--frozen') || /^(1|true)$/.test(variable(call, 'UV_FROZEN') ?? '');
  const locked = flags.includes('--locked') || /^(1|true)$/.test(variable(call, 'UV_LOCKED') ?? '');
  const missing = lockFailures(call, state, at, 'uv.lock', frozen || locked ? 'uv.lock' : '');
  const group = groupFailure(call, state, at, flags, 'uv');
  const failures = missing.length > 0 ? missing : group ? [group] : projectFailures(call, state, flags, at);
  const result = change(state, call.reason);
  if (environment !== undefined) {
    if (environment !== '/usr/local' && environment !== '/usr')
      createVenv(result, call, environment, pythonVersion(state), false, uvInterpreter(call, result));
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
