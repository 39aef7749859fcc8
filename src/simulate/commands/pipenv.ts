import { change } from '../change.ts';
import { type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { fileFailure, noneOf } from './node-project.ts';
import { splitLine } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { textAt } from './paths.ts';
import { createVenv, installDistributions, interpreterPath, placeIn, pythonVersion } from './python-env.ts';
import { variable } from './python-project.ts';

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
  const inside = /^(1|true)$/i.test(variable(call, 'PIPENV_VENV_IN_PROJECT') ?? '');
  const prefix = line.flags.includes('--system') ? '/usr/local' : inside ? joinPath(at, '.venv') : undefined;
  if (prefix === undefined) result.fill('/root/.local/share/virtualenvs', 'pipenv keeps environments in it');
  else {
    if (inside && prefix !== '/usr/local')
      createVenv(result, call, prefix, pythonVersion(state), true, interpreterPath(state));
    installDistributions(result, call, placeIn(prefix, pythonVersion(state)), names, true);
  }
  const effects = [`installs the project's dependencies${prefix ? ` in ${prefix}` : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
};
