import type { Dockerfile } from '../../dockerfile/types.ts';
import { plainChain, purposeOf } from './commands.ts';

/** True when there is nothing for a rewrite to gain: the dependencies are installed in a stage of their own (or there are none), a user that is not root, a start command without a shell. */
export function soundImage(dockerfile: Dockerfile): boolean {
  const last = dockerfile.stages.at(-1);
  if (last === undefined) return false;
  const installs = last.instructions.some(
    (item) => item.keyword === 'RUN' && plainChain(item)?.some((argv) => purposeOf(argv).is === 'install') !== false,
  );
  if (dockerfile.stages.length < 2 && installs) return false;
  const command = last.instructions.findLast((item) => item.keyword === 'CMD' || item.keyword === 'ENTRYPOINT');
  return runsWithoutRoot(dockerfile) && (command === undefined || command.form === 'exec');
}

/** True when the image that comes out names a user that is not root. */
export function runsWithoutRoot(dockerfile: Dockerfile): boolean {
  const last = dockerfile.stages.at(-1);
  const user = last?.instructions.findLast((item) => item.keyword === 'USER');
  return user?.keyword === 'USER'
    ? !/^(0|root)(:|$)/.test(user.user.text)
    : /unprivileged|nonroot/.test(last?.from.image.text ?? '');
}
