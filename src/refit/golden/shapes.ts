import { parseDockerfile } from '../../dockerfile/parse.ts';
import { memoryRepo } from '../../repo/memory.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { NODE_SHAPES } from './node-shapes.ts';
import { PYTHON_SHAPES } from './python-shapes.ts';

/** Small applications as people write them: each is refitted, its Dockerfile read by a person, and built on an engine. */
export interface Shape {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly image: Partial<Omit<ImageInput, 'dockerfile'>>;
  /** Absent: it can be built anywhere. Otherwise why it is only read. */
  readonly notBuilt?: string;
}

export const SHAPES: readonly Shape[] = [...PYTHON_SHAPES, ...NODE_SHAPES];

/** The input for one shape: its Dockerfile is the only one, its context the whole repository. */
export function inputOf(
  files: Readonly<Record<string, string>>,
  image: Shape['image'],
): RefitInput & { readonly images: readonly [ImageInput] } {
  const dockerfile = parseDockerfile(files['Dockerfile'] ?? '', 'Dockerfile');
  return {
    repo: memoryRepo(files),
    images: [{ dockerfile, contextDir: '', ignoreFile: '.dockerignore', dataDirs: [], ...image }],
    stacks: [],
    today: '2026-11-21',
  };
}
