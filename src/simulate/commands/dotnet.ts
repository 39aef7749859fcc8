import { change } from '../change.ts';
import { type Call, type CommandModel, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { fileFailure } from './node-project.ts';
import { flagValue, type Line, splitLine } from './npm-line.ts';
import { baseName, kindAt, ownerOf, parentOf, textAt } from './paths.ts';

const VALUED =
  /^(-o|--output|-c|--configuration|-f|--framework|-r|--runtime|-a|--arch|--os|-v|--verbosity|-s|--source|--version-suffix|--packages|--configfile|--tool-path|--version|--project|-p)$/;
const PROJECT = /\.(cs|fs|vb)proj$/;

function line(words: readonly string[]): Line {
  return splitLine(words, VALUED);
}

/** The project file that a command works on, absolute; undefined where it is a solution or not known. */
export function projectOf(call: Call, words: readonly string[], state: ImageState): string | undefined {
  if (!call.cwd.known) return undefined;
  const named = line(words).names[0];
  const at = named === undefined ? call.cwd.value : joinPath(call.cwd.value, named);
  if (PROJECT.test(at)) return at;
  const inside = state.tree.list(at);
  // A second project in the folder would stop the command itself.
  if (!inside.known || inside.value.names.some((name) => /\.slnx?$/.test(name))) return undefined;
  const found = inside.value.names.filter((name) => PROJECT.test(name));
  return found.length === 1 ? joinPath(at, found[0] ?? '') : undefined;
}

/** dotnet restore, build, publish: packages go to the home folder, output below bin/ and obj/ or where it is told. */
export const dotnet: CommandModel = (call, state) => {
  const words = call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const { verb, flags, names } = line(words);
  if (verb === '' || /^(--info|--version|--list-sdks|help|nuget|dev-certs|workload|new|sln|add)$/.test(verb))
    return verb === 'new' || verb === 'sln' || verb === 'add' || !call.cwd.known
      ? undefined
      : succeeded(change(state, call.reason).fill('/root/.nuget', 'dotnet keeps packages there').state);
  if (!call.cwd.known) return undefined;
  const at = call.cwd.value;
  const result = change(state, call.reason).fill('/root/.nuget', 'dotnet keeps packages there');
  result.fill('/tmp', 'dotnet keeps locks there');
  if (verb === 'tool') {
    const folder = flagValue(flags, '--tool-path');
    result.fill(
      folder === undefined ? '/root/.dotnet/tools' : joinPath(at, folder),
      'dotnet puts tools there',
      ownerOf(call),
    );
    return succeeded(result.state, [`dotnet tool ${names.join(' ')}`]);
  }
  if (!/^(restore|build|publish|test|clean|pack)$/.test(verb)) return undefined;
  const missing = missingProject(call, state, names[0]);
  const project = projectOf(call, [verb, ...flags, ...names], state);
  // Projects that a project refers to have their own folders beside it.
  const folder = project === undefined ? at : parentOf(project);
  const wide = project === undefined || /<ProjectReference/.test(textAt(state, project) ?? '<ProjectReference');
  if (wide)
    result.fill(
      folder === at ? (parentOf(at) === '/' ? at : parentOf(at)) : at,
      `dotnet ${verb} builds projects in it`,
      ownerOf(call),
    );
  result.fill(joinPath(folder, 'obj'), `dotnet ${verb} writes in it`, ownerOf(call));
  if (verb !== 'restore') result.fill(joinPath(folder, 'bin'), `dotnet ${verb} writes in it`, ownerOf(call));
  const out = flagValue(flags, '-o', '--output');
  if (out !== undefined) output(result, call, joinPath(at, out), project, verb);
  if (missing) return { ...missing, repaired: result.state };
  if (verb === 'test') return { state: result.state, exit: { status: 'unknown', why: 'tests may fail' }, effects: [] };
  return succeeded(result.state, [`dotnet ${verb}${out === undefined ? '' : ` into ${joinPath(at, out)}`}`]);
};

function output(
  result: ReturnType<typeof change>,
  call: Call,
  out: string,
  project: string | undefined,
  verb: string,
): void {
  result.fill(out, `dotnet ${verb} writes in it`, ownerOf(call));
  const name = project === undefined ? undefined : assemblyOf(textAt(result.state, project), project);
  if (name === undefined || /[$()]/.test(name)) return;
  for (const suffix of ['.dll', '.deps.json']) result.write(joinPath(out, `${name}${suffix}`), ownerOf(call));
  result.write(joinPath(out, `${name}.runtimeconfig.json`), ownerOf(call));
}

/** The name of what a project builds: its AssemblyName, else the name of its file. */
function assemblyOf(text: string | undefined, project: string): string | undefined {
  if (text === undefined) return undefined;
  return /<AssemblyName>\s*([^<\s]+)\s*</.exec(text)?.[1] ?? baseName(project).replace(PROJECT, '');
}

function missingProject(call: Call, state: ImageState, named: string | undefined): Outcome | undefined {
  if (named === undefined || !call.cwd.known || !PROJECT.test(named) || /[*?$]/.test(named)) return undefined;
  const path = joinPath(call.cwd.value, named);
  if (kindAt(state, path) !== 'absent') return undefined;
  const text = `dotnet stops: ${path} does not exist`;
  return failed(state, [fileFailure(call, state, 'manifest-missing', path, text, 'MSB1009')]);
}
