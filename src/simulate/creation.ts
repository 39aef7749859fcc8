import type { ParentOwner } from './tree-edit.ts';

/** Owner and mode of something that is created. */
export interface Creation {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Of parents that have to be created on the way; default root, 0755. */
  readonly parents?: ParentOwner;
}

export interface FileCreation extends Creation {
  readonly size?: number;
  readonly content?: () => string | undefined;
  readonly source?: string;
  /** Replace what is there, its owner and mode too (COPY, `install`), instead of writing into it (`>`, `cp` onto a file). */
  readonly replace?: boolean;
  /** With `replace`: replace a symlink itself instead of the file it points to. */
  readonly noFollow?: boolean;
}
