import type { Fact, Presence } from '../facts/fact.ts';
import { commandPresence } from './command-lookup.ts';
import type { ImageTree } from './image-tree.ts';
import type { ImageState } from './state.ts';

/** What a base image is said to hold besides its known files: commands whose path is not known, or that are known to be missing. */
export interface BaseCommands {
  readonly commands: ReadonlyMap<string, Fact<Presence>>;
  /** The PATH the table was made for. */
  readonly directories: readonly string[];
  /** Clock of the tree when the table was true: newer doubts weaken it. */
  readonly stamp: number;
}

export type ImageFields = Omit<ImageState, 'command' | 'tree'> & {
  readonly tree: ImageTree;
  readonly baseCommands?: BaseCommands;
  /** Variables that are not listed may be set (unknown base). */
  readonly envOpen: boolean;
};

/** The state of an image as the simulator keeps it. */
export interface SimulatedImage extends ImageState {
  readonly tree: ImageTree;
  readonly baseCommands?: BaseCommands;
  readonly envOpen: boolean;
}

/** Gives fields the behaviour of a state. */
export function image(fields: ImageFields): SimulatedImage {
  const state: SimulatedImage = { ...fields, command: (name) => commandPresence(state, name) };
  return state;
}

/** The simulator's own view of a state: every state that `simulate` and models see was made by `image()`.
 * @throws TypeError when a state was made elsewhere: our bug. */
export function simulated(state: ImageState): SimulatedImage {
  if ('envOpen' in state && 'clock' in state.tree) return state as SimulatedImage;
  throw new TypeError('an ImageState that the simulator did not make');
}

/** The same image with some fields replaced. */
export function withFields(state: ImageState, fields: Partial<ImageFields>): SimulatedImage {
  return image({ ...simulated(state), ...fields });
}
