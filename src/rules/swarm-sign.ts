import type { Stack } from '../model/types.ts';

/** What says that a stack may be run by a swarm, where names, ports and placement mean other things. */
export function swarmSign(stack: Stack): string | undefined {
  const own = stack.files.find((file) => /swarm|stack/i.test(file));
  if (own !== undefined) return own;
  return stack.repo
    .files()
    .find(
      (file) =>
        /\.(md|sh|ya?ml|mk|txt)$|(^|\/)(Makefile|justfile|Taskfile[^/]*)$/i.test(file) &&
        /docker stack deploy|docker swarm init/.test(stack.repo.text(file) ?? ''),
    );
}
