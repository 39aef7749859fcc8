import type { Fact } from '../facts/fact.ts';
import { lookupImage } from '../images/lookup.ts';

/** The C library of an image from outside, for what is copied out of it. Unknown where nothing is known of the image. */
export function libcOfImage(name: string): Fact<'glibc' | 'musl' | 'none'> {
  const image = lookupImage(name);
  return image.known ? image.value.libc : image;
}
