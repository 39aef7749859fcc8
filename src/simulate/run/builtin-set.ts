import { known, unknown } from '../../facts/fact.ts';
import type { Failure } from '../command-model.ts';
import { type Builtin, may, ok } from './builtin-call.ts';
import { stopping } from './failing.ts';
import type { RunContext } from './run-context.ts';
import type { Shell } from './shell-world.ts';

export const set: Builtin = ({ args, shell, context, open }) => {
  const options = { ...shell.options };
  for (let i = 1; i < args.length; i++) {
    const arg = args[i];
    if (!arg?.value.known) return ok({ ...shell, positional: unknown('set with words that are not known') });
    const word = arg.value.value;
    if (word === '--' || !/^[-+]./.test(word)) {
      const rest = args.slice(word === '--' ? i + 1 : i).map((item) => item.value);
      const values: string[] = [];
      for (const value of rest) {
        if (!value.known) return ok({ ...shell, options, positional: value });
        values.push(value.value);
      }
      return ok({ ...shell, options, positional: known(values) });
    }
    const on = word.startsWith('-');
    if (word.includes('e')) options.errexit = on;
    if (word.includes('u')) options.nounset = on;
    if (!word.includes('o')) continue;
    const next = args[++i]?.value;
    const name = next?.known ? next.value : undefined;
    if (name === 'pipefail') {
      const answer = knowsPipefail(shell, context);
      if (answer === false) {
        const failure: Failure = {
          kind: 'syntax',
          at: arg.at,
          subject: 'pipefail',
          text: 'the shell of the base image (dash before 0.5.13) does not know `pipefail` and stops',
          because: shell.image.bourneShell.because,
          says: 'Illegal option -o pipefail',
        };
        return stopping({ ...shell, options }, [failure], open(), 2, {
          ...shell,
          options: { ...options, pipefail: on },
        });
      }
      options.pipefail = on;
      if (answer === undefined) return may({ ...shell, options });
    } else if (name === 'errexit') options.errexit = on;
    else if (name === 'nounset') options.nounset = on;
  }
  return ok({ ...shell, options });
};

/** Debian's dash knows it from trixie on (0.5.12-12), Ubuntu's not yet in 24.04. */
function knowsPipefail(shell: Shell, context: RunContext): boolean | undefined {
  if (context.dialect === 'bash' || context.dialect === 'busybox') return true;
  const { distro } = shell.image;
  if (context.dialect !== 'dash' || !distro.known) return undefined;
  if (distro.value.id === 'debian') {
    if (/^(buster|bullseye|bookworm|stretch)$/.test(distro.value.release ?? '')) return false;
    return distro.value.release === 'trixie' ? true : undefined;
  }
  return undefined;
}
