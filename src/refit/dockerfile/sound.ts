import type { Dockerfile } from '../../dockerfile/types.ts';

/** True when there is nothing for a rewrite to gain: several stages, a user by number, a start command without a shell. */
export function soundImage(dockerfile: Dockerfile): boolean {
  const last = dockerfile.stages.at(-1);
  if (last === undefined || dockerfile.stages.length < 2) return false;
  const user = last.instructions.findLast((item) => item.keyword === 'USER');
  const command = last.instructions.findLast((item) => item.keyword === 'CMD' || item.keyword === 'ENTRYPOINT');
  const unprivileged = /unprivileged|nonroot/.test(last.from.image.text);
  const withoutRoot = user?.keyword === 'USER' ? !/^(0|root)(:|$)/.test(user.user.text) : unprivileged;
  return withoutRoot && (command === undefined || command.form === 'exec');
}
