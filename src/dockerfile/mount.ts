import type { Span } from '../text/place.ts';

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';

/** One `--mount` of a RUN. Values may still hold variables: BuildKit expands them when the step runs. */
export interface Mount {
  readonly type: MountType;
  readonly span: Span;
  readonly from?: string;
  readonly source?: string;
  readonly target?: string;
  readonly readOnly: boolean;
  /** tmpfs: bytes. */
  readonly size?: number;
  readonly id?: string;
  readonly sharing?: 'shared' | 'private' | 'locked';
  readonly required: boolean;
  /** Secret handed over in an environment variable. */
  readonly env?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Options as written, with where. */
  readonly options: readonly { readonly key: string; readonly value?: string; readonly span: Span }[];
  /** Set when BuildKit refuses the mount: its words. */
  readonly error?: string;
}
