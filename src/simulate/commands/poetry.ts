import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, succeeded, type World } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord } from './node-project.ts';
import { runWithTools } from './node-scripts.ts';
import { flagValue, quote, splitLine } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { ownerOf, textAt } from './paths.ts';
import { buildFailure, lackingForPoetry, projectAt } from './python-build.ts';
import { activeVenv, createVenv, installDistributions, interpreterPath, placeIn, pythonVersion } from './python-env.ts';
import { groupFailure } from './python-groups.ts';
import { lockedNames, lockFailures, PROJECT_VALUED, projectFolder, variable } from './python-project.ts';

/** poetry. */
export const poetry: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(words, PROJECT_VALUED);
  const into = flagValue(line.flags, '--directory', '-C', '--project', '-P');
  const at = projectFolder(state, into === undefined ? call.cwd.value : joinPath(call.cwd.value, into));
  const result = change(state, call.reason);
  const gone = goneFor(call, state, line.verb, words);
  if (gone !== undefined) return failed(state, [gone], { repaired: repairedBy(call, state, world, words) });
  switch (line.verb) {
    case 'config':
      if (line.names[0] === 'virtualenvs.create' || line.names[0] === 'virtualenvs.in-project') {
        result.addPackage({ manager: 'pip', name: `poetry-config:${line.names[0]}=${line.names[1] ?? ''}` });
      }
      return succeeded(result.state, [`sets ${line.names.join(' to ')}`]);
    case 'install':
    case 'sync': {
      const lack = rootOf(call, state, line.flags, at);
      const group = (majorOf(call, state) ?? 1) < 2 ? undefined : groupFailure(call, state, at, line.flags, 'poetry');
      const failures = group ? [group] : (lack ?? lockFailures(call, state, at, 'poetry.lock', ''));
      const names = lockedNames(textAt(state, joinPath(at, 'poetry.lock')));
      const venv = poetryEnvironment(call, state, at);
      if (venv !== undefined) {
        if (venv.made) createVenv(result, call, venv.prefix, pythonVersion(state), true, interpreterPath(state));
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

/** Major version of the poetry that is installed; undefined where that is not known. */
function majorOf(call: Call, state: ImageState): number | undefined {
  const installed = state.packages.findLast((item) => item.name === 'poetry' && item.manager === 'pip');
  const version = installed === undefined ? variable(call, 'POETRY_VERSION')?.split('.')[0] : installed.version;
  return version === undefined || !/^\d+$/.test(version) ? undefined : Number(version);
}

/** Options of Poetry 1 that Poetry 2 refuses, and a command that has become a plugin. Measured on 2026-11-21 with Poetry 2.5. */
const GONE = /^(--no-dev|--remove-untracked|--no-update)$/;

function goneFor(call: Call, state: ImageState, verb: string, words: readonly string[]): Failure | undefined {
  const major = majorOf(call, state);
  if (major === undefined || major < 2) return undefined;
  const option = words.find(
    (word) => GONE.test(word) && (word === '--no-update' ? verb === 'lock' : verb === 'install'),
  );
  const plugin =
    verb === 'export' &&
    !state.packages.some((item) => item.name === 'poetry-plugin-export') &&
    state.packages.some((item) => item.name === 'poetry' && item.version !== undefined);
  const what = option ?? (plugin ? 'export' : undefined);
  if (what === undefined) return undefined;
  const instead: Readonly<Record<string, string>> = {
    '--no-dev': '--only main',
    '--remove-untracked': 'poetry sync',
    '--no-update': 'poetry lock alone',
    export: 'the package poetry-plugin-export',
  };
  return {
    kind: 'option-gone',
    at: call.at,
    subject: what,
    text: `Poetry 2 has no ${what} any more: ${instead[what]} does it`,
    because: [call.reason],
    says: option === undefined ? 'command export does not exist' : `The option "${option}" does not exist`,
    detail: { option: what, tool: 'poetry' },
  };
}

/** As if the author had written what the newer version knows. */
function repairedBy(call: Call, state: ImageState, world: World, words: readonly string[]): ImageState {
  const argv = call.argv.filter((arg) => !(arg.value.known && GONE.test(arg.value.value)));
  return words.some((word) => GONE.test(word)) ? (poetry({ ...call, argv }, state, world)?.state ?? state) : state;
}

/** The failure of installing the project itself. Poetry 1 only warns of a missing readme or package of its own name. */
function rootOf(call: Call, state: ImageState, flags: readonly string[], at: string): readonly [Failure] | undefined {
  if (flags.some((flag) => /^(--no-root|--dry-run|--help|-h)$/.test(flag))) return undefined;
  const only = flagValue(flags, '--only');
  if (only !== undefined && !only.split(',').includes('main')) return undefined;
  const data = projectAt(state, at);
  const system = data?.['build-system'];
  const backend = isRecord(system) ? String(system['build-backend'] ?? '') : 'poetry.';
  const lack = data === undefined || !backend.startsWith('poetry.') ? undefined : lackingForPoetry(state, at, data);
  if (lack === undefined) return undefined;
  if (!lack.strict && (majorOf(call, state) ?? 1) < 2) return undefined;
  return [buildFailure(call, state, at, lack, ' (--no-root installs the dependencies only)')];
}

/** Where poetry installs: the active environment, the system (virtualenvs.create false), the project's .venv; else a folder
 * of its cache whose name is a hash. */
function poetryEnvironment(call: Call, state: ImageState, at: string): { prefix: string; made: boolean } | undefined {
  const setting = (name: string, option: string): string | undefined =>
    variable(call, name) ??
    state.packages.findLast((item) => item.name.startsWith(`poetry-config:${option}=`))?.name.split('=')[1];
  const active = variable(call, 'VIRTUAL_ENV') ?? activeVenv(call, state);
  if (active !== null && active !== undefined) return { prefix: active, made: false };
  const create = setting('POETRY_VIRTUALENVS_CREATE', 'virtualenvs.create');
  if (create !== undefined && /^(false|0|no)$/i.test(create)) return { prefix: '/usr/local', made: false };
  const inside = setting('POETRY_VIRTUALENVS_IN_PROJECT', 'virtualenvs.in-project');
  if (inside !== undefined && /^(true|1|yes)$/i.test(inside)) return { prefix: joinPath(at, '.venv'), made: true };
  return undefined;
}
