import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { fileFailure, isRecord, jsonAt, noneOf } from './node-project.ts';
import { flagValue, splitLine } from './npm-line.ts';
import { because, kindAt, ownerOf } from './paths.ts';

/** composer install, update, require, dump-autoload: vendor/, and whatever the project's scripts write. */
export const composer: CommandModel = (call, state) => {
  const words = call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const { verb, flags } = splitLine(words, /^(-d|--working-dir|--prefer-install|--ignore-platform-req)$/);
  if (!call.cwd.known) return undefined;
  const folder = flagValue(flags, '-d', '--working-dir');
  const at = folder === undefined ? call.cwd.value : joinPath(call.cwd.value, folder);
  const result = change(state, call.reason).fill('/root/.composer', 'composer keeps packages there');
  if (
    /^(|--version|diagnose|show|validate|check-platform-reqs|config|self-update|clear-cache|clearcache|audit)$/.test(
      verb,
    )
  )
    return succeeded(result.state);
  if (verb === 'global') return succeeded(result.state, ['installs packages for the user']);
  if (verb === 'create-project')
    return succeeded(result.fill(at, 'composer makes a project in it', ownerOf(call)).state, ['makes a project']);
  if (!/^(install|i|update|u|upgrade|require|remove|dump-?autoload|dumpautoload|run-script|run|exec)$/.test(verb))
    return undefined;
  result.fill(joinPath(at, 'vendor'), 'composer fills it', ownerOf(call));
  const scripted = !flags.includes('--no-scripts');
  if (scripted) result.fill(at, 'scripts of composer.json may write in it', ownerOf(call));
  const failure =
    missingManifest(call, state, at) ?? (scripted ? artisanMissing(call, state, at, verb, flags) : undefined);
  return failure === undefined
    ? succeeded(result.state, [`composer ${verb}`])
    : failed(state, [failure], { repaired: result.state });
};

function missingManifest(call: Call, state: ImageState, at: string): Failure | undefined {
  const missing = noneOf(state, at, ['composer.json']);
  if (missing === undefined) return undefined;
  const text = `composer stops: there is no composer.json in ${at}`;
  return fileFailure(call, state, 'manifest-missing', missing, text, 'could not find a composer.json');
}

/** Laravel's script runs artisan after the autoloader is written: without the source the install stops. */
function artisanMissing(
  call: Call,
  state: ImageState,
  at: string,
  verb: string,
  flags: readonly string[],
): Failure | undefined {
  const scripts = jsonAt(state, joinPath(at, 'composer.json'))?.['scripts'];
  const events = ['post-install-cmd', ...(flags.includes('--no-autoloader') ? [] : ['post-autoload-dump'])];
  if (!isRecord(scripts) || !/^(install|i)$/.test(verb)) return undefined;
  const lines = events.flatMap((event) => scripts[event] ?? []).filter((line) => typeof line === 'string');
  const line = lines.find((text) => /^@php\s+(?:-\S+\s+)*artisan\s/.test(text));
  const path = joinPath(at, 'artisan');
  if (line === undefined || !lacks(call, state, path)) return undefined;
  return {
    kind: 'build-input-missing',
    at: call.at,
    subject: path,
    text: `composer install stops: its script runs \`${line.replace(/^@/, '')}\`, and artisan is not in ${at} yet`,
    because: [...because(state, path), call.reason],
    says: 'Could not open input file: artisan',
    detail: { path, script: line },
  };
}

/** No base image brings an artisan: only what a step has done, or a mount, can put one there. */
function lacks(call: Call, state: ImageState, path: string): boolean {
  if (call.mounts.some(({ target }) => path.startsWith(target))) return false;
  const kind = kindAt(state, path);
  return kind === 'absent' || (kind === 'unknown' && !because(state, path).some((reason) => reason.kind === 'line'));
}
