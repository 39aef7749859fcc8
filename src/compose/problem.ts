import type { Place } from '../text/place.ts';

export type ComposeProblemKind =
  | 'not-yaml'
  | 'missing-file'
  | 'unreadable-file'
  | 'duplicate-key'
  | 'wrong-type'
  | 'unknown-key'
  | 'interpolation'
  | 'merge'
  | 'extends'
  | 'include'
  | 'undefined-service'
  | 'undefined-network'
  | 'undefined-volume'
  | 'undefined-secret'
  | 'undefined-config'
  | 'dependency-cycle'
  | 'inconsistent'
  | 'env-file'
  | 'missing-env-file'
  | 'too-large';

/** Something Compose would refuse, or that it would read otherwise than the author meant. */
export interface ComposeProblem {
  readonly kind: ComposeProblemKind;
  readonly at: Place;
  readonly text: string;
  readonly remedy?: string;
  /** `refused`: `docker compose` stops with an error. `misleading`: it goes on. */
  readonly effect: 'refused' | 'misleading';
  /** The service it concerns. */
  readonly service?: string;
}
