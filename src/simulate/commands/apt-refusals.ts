import { archivedRelease } from '../../images/archived.ts';
import { aptInstall } from '../../packages/apt.ts';
import type { Change } from '../change.ts';
import { type Call, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { type Options, rest, word } from './options.ts';

/** Fails where the lists of the release are not served any more; with other sources they may be. */
export function updateOutcome(call: Call, state: ImageState, result: Change, own: boolean): Outcome {
  const effects = ['fetches the package lists'];
  const { id, release } = state.distro.known ? state.distro.value : { id: '', release: undefined };
  const gone = archivedRelease(id, release);
  if (gone === undefined || release === undefined || !own) return succeeded(result.state, effects);
  const failure: Failure = {
    kind: 'release-archived',
    at: call.at,
    subject: release,
    text: `apt-get update stops: the packages of ${gone.distro} ${release} were moved to ${gone.moved}`,
    because: [
      { kind: 'package-table', ref: gone.source, text: `${gone.distro} ${release} is archived since ${gone.since}` },
      ...(state.distro.known ? state.distro.because : []),
      call.reason,
    ],
    says: 'does not have a Release file',
    detail: { suite: release, moved: gone.moved },
  };
  return failed(state, [failure], { code: 100, repaired: result.state, effects });
}

/** apt asks before it installs more than it was told to, and ends when nobody answers. */
export function unanswered(
  call: Call,
  state: ImageState,
  options: Options,
  names: readonly string[],
): Failure | undefined {
  const quiet = rest(call).flatMap((arg) => /^-[a-z]*q[a-z]*$/.exec(word(arg) ?? '')?.[0].match(/q/g) ?? []);
  const told = ['y', 'force-yes'].some((key) => options.has(key)) || quiet.length > 1 || options.values('o').length > 0;
  const answered = call.stdin !== undefined || call.env.has('APT_CONFIG') || options.values('c').length > 0;
  const open = call.argv.some((arg) => !arg.value.known);
  const configured = state.tree.lookup('/etc/apt/apt.conf.d/x').because.some(({ kind }) => kind === 'line');
  if (told || answered || open || configured || names.length === 0 || !state.distro.known) return undefined;
  const { id, release } = state.distro.value;
  const suites = id === 'debian' && release !== undefined ? [release] : id === 'ubuntu' ? ['bookworm', 'trixie'] : [];
  const more = suites.map((suite) => aptInstall(names, { suite, recommends: false }));
  // Ubuntu divides packages as Debian does, a few more or less.
  const least = id === 'ubuntu' ? names.length + 3 : names.length;
  if (more.length === 0 || !more.every((fact) => fact.known && fact.value.packages.length > least)) return undefined;
  return {
    kind: 'question-unanswered',
    at: call.at,
    subject: names[0] ?? '',
    text: `${call.name} asks whether to continue, and nobody answers: it stops`,
    because: [call.reason],
    says: 'Abort.',
    detail: { package: names[0] ?? '' },
  };
}
