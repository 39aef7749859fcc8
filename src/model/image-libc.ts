import type { Fact } from '../facts/fact.ts';
import { lookupImage } from '../images/lookup.ts';

/** Programs of official images that are linked to the C library they come with. */
const _LINKED = /^\/usr\/local\/bin\/(node|python3?(\.\d+)?)$/;

export function libcOfImage(name: string): Fact<'glibc' | 'musl' | 'none'> {
  const image = lookupImage(name);
  return image.known ? image.value.libc : image;
}
