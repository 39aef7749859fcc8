import { contextsOf, holdsSource } from './compose/resets.ts';
import type { ImageInput, RefitInput, ServiceInput, StackInput } from './input.ts';

/** A service that runs the code of the repository, not that of its image. */
export function mountsSource(input: RefitInput, service: ServiceInput): boolean {
  const contexts = contextsOf(service, input.images);
  return service.mounts.some((mount) => mount.type === 'bind' && holdsSource(input.repo, mount.source, contexts));
}

/** Why an image is not for production: its services mount the source over it, and another file builds the same for production. */
export function forDevelopment(input: RefitInput, image: ImageInput): string | undefined {
  const users = (stacks: readonly StackInput[], file: string): readonly ServiceInput[] =>
    stacks.flatMap((stack) => stack.services.filter((service) => service.dockerfile === file));
  const { file } = image.dockerfile;
  const production = input.stacks.filter((stack) => stack.production);
  const [mounting] = users(input.stacks, file).filter((service) => mountsSource(input, service));
  const other = input.images.find(
    (item) =>
      item.contextDir === image.contextDir &&
      item.dockerfile.file !== file &&
      users(production, item.dockerfile.file).length > 0,
  );
  return mounting === undefined || other === undefined || users(production, file).length > 0
    ? undefined
    : `it is for development: ${mounting.name} mounts the source over it; production builds ${other.dockerfile.file}`;
}
