import { change } from '../change.ts';
import { type Call, type CommandModel, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { manage } from './django.ts';
import { parseOptions, word } from './options.ts';
import { kindAt, noSuchFile, ownerOf, pathOf } from './paths.ts';
import { pipCommand } from './pip.ts';
import { createVenv, interpreterPath, prefixOfTool, pythonVersion, uvInterpreter } from './python-env.ts';

const VENV = {
  flags:
    'system-site-packages clear upgrade without-pip upgrade-deps symlinks copies seed allow-existing q quiet=q v no-project relocatable always-copy no-download download',
  values: 'prompt python p=python python-preference index-url cache-dir',
};

/** python, python3: venv and pip modules, Django's collectstatic, and what only prints. */
export const python: CommandModel = (call, state) => {
  const [first, ...more] = call.argv.slice(1);
  const flag = word(first);
  if (flag === undefined) return undefined;
  if (/^(--version|-V|-VV|--help)$/.test(flag)) return succeeded(state);
  if (/^-[uBIEsSO]+$/.test(flag))
    return python(
      { ...call, argv: [call.argv[0] ?? more[0], ...more].filter((arg) => arg !== undefined) },
      state,
      nowhere,
    );
  if (flag === '-m') return runModule(call, state, word(more[0]), 3);
  if (flag === '-c') return undefined;
  const script = first ? pathOf(call, first) : undefined;
  if (script?.known && !flag.startsWith('-') && kindAt(state, script.value) === 'absent') {
    const text = `${call.name} stops: ${script.value} does not exist`;
    return failed(state, [noSuchFile(call, state, script.value, text, "can't open file")], {
      code: 2,
      repaired: state,
    });
  }
  if (script?.known && script.value.endsWith('/manage.py')) return manage(call, state, script.value, word(more[0]));
  return undefined;
};

const nowhere = {
  platform: { os: 'linux', architecture: 'amd64' },
  network: true,
  systemPackage: () => ({ known: false as const, why: 'not asked', because: [] }),
  runShell: (_: string, call: Call, state: ImageState): Outcome => ({
    state,
    exit: { status: 'unknown', why: call.name },
    effects: [],
  }),
  runArgv: (_: unknown, call: Call, state: ImageState): Outcome => ({
    state,
    exit: { status: 'unknown', why: call.name },
    effects: [],
  }),
};

function runModule(call: Call, state: ImageState, name: string | undefined, from: number): Outcome | undefined {
  const tool = word(call.argv[0]) ?? '';
  if (name === 'pip')
    return pipCommand(call, state, from, tool.startsWith('/') ? prefixOfTool(tool, state) : undefined);
  if (name === 'venv' || name === 'virtualenv') return makeVenv(call, state, from, true);
  if (name === 'ensurepip') return succeeded(change(state, call.reason).addCommand('pip3').state, ['installs pip']);
  if (name === 'compileall') return succeeded(state, ['compiles modules']);
  if (name === 'playwright') return playwright(call, state);
  return undefined;
}

function playwright(call: Call, state: ImageState): Outcome {
  return succeeded(change(state, call.reason).fill('/root/.cache', 'playwright keeps browsers in it').state, [
    'installs browsers',
  ]);
}

/** `python -m venv DIR`, `virtualenv DIR`. */
export function makeVenv(call: Call, state: ImageState, from: number, pip: boolean): Outcome | undefined {
  const options = parseOptions(call.argv.slice(from), VENV);
  if (options?.operands.length !== 1) return undefined;
  const [operand] = options.operands;
  const path = operand ? pathOf(call, operand) : undefined;
  if (!path?.known) return undefined;
  const result = change(state, call.reason);
  const version = pythonVersion(state);
  const tool = (word(call.argv[0]) ?? 'python3').split('/').at(-1) ?? 'python3';
  const name = /^python/.test(tool) ? tool : 'python3';
  const target = tool === 'uv' ? uvInterpreter(call, result) : interpreterPath(state, name);
  createVenv(result, call, path.value, version, pip && !options.has('without-pip'), target);
  if (target !== undefined) result.symlink(joinPath(path.value, `bin/${name}`), target, ownerOf(call));
  return succeeded(result.state, [`makes a virtual environment in ${path.value}`]);
}

/** virtualenv. */
export const virtualenv: CommandModel = (call, state) => makeVenv(call, state, 1, true);
