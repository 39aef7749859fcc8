export type EnvLookup = (name: string) => string | undefined;

export interface LexOptions {
  readonly rawQuotes?: boolean;
  readonly rawEscapes?: boolean;
  readonly skipProcessQuotes?: boolean;
  /** Leaves references to undefined variables as they are. */
  readonly skipUnset?: boolean;
}
