export interface EngineEnvironment {
  /** own: the user's Docker and registries; private: ours, with stand-in images; none: nothing can be built or run. */
  readonly kind: 'own' | 'private' | 'none';
  /** To be added to the environment of whatever talks to the engine. */
  readonly env: Readonly<Record<string, string>>;
  /** One sentence for people: why this one. */
  readonly why: string;
}

export function engineEnvironment(): Promise<EngineEnvironment>;
