import type { Fact, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';

/** What kind of file says that something is built, from the surest to the weakest. */
export const BUILD_SOURCES = [
  'compose',
  'bake',
  'workflow',
  'gitlab-ci',
  'skaffold',
  'platform',
  'makefile',
  'package-script',
  'script',
  'tiltfile',
  'devcontainer',
  'docs',
] as const;

export type BuildSource = (typeof BUILD_SOURCES)[number];

/** One place that builds a target. */
export interface BuildUse {
  readonly source: BuildSource;
  /** The service, bake target, job or script that builds it. */
  readonly name?: string;
  readonly at: Place;
  readonly text: string;
  /** The file is meant for development or tests by its name. */
  readonly development: boolean;
  /** Image names given to the result, where they are known. */
  readonly tags: readonly string[];
}

/** A Dockerfile together with everything else that decides what is built. */
export interface DiscoveredTarget {
  /** Stable: Dockerfile, `@` context where it is not the Dockerfile's folder, `#` stage, `?` arguments where only they differ. */
  readonly id: string;
  /** Path in the repository. Unknown: decided by a variable, or outside the repository. */
  readonly dockerfile: Fact<string>;
  /** The text itself, for `dockerfile_inline` and its like. Then `dockerfile` is unknown. */
  readonly inline?: { readonly text: string; readonly at: Place };
  /** Folder in the repository, `` for its root. Unknown: Git, URL, outside or a variable. */
  readonly context: Fact<string>;
  /** Undefined: the last stage. */
  readonly stage?: Fact<string>;
  readonly args: ReadonlyMap<string, Fact<string>>;
  readonly platforms: readonly string[];
  /** Folders by name; images and URLs are unknown. */
  readonly additionalContexts: ReadonlyMap<string, Fact<string>>;
  readonly uses: readonly BuildUse[];
  readonly because: readonly Reason[];
  /** `live`: something runs the build. `documented`: only a text for people names it. `orphan`: nothing does. */
  readonly rank: 'live' | 'documented' | 'orphan';
  /** Orphans only: builds whose Dockerfile is not known. This may be theirs. */
  readonly undecided?: readonly Reason[];
  /** Lies in a folder of fixtures, samples, vendored or test data. */
  readonly fixture: boolean;
}

/** Files that look like Dockerfiles and are none to judge, with why. */
export interface LeftOut {
  readonly file: string;
  readonly why: string;
}

/** Compose files that are used together. */
export interface ComposeCombination {
  /** Stable: the files' distinguishing words joined with `+`, in front the folder. */
  readonly id: string;
  /** In the order of `-f`. */
  readonly files: readonly string[];
  readonly projectDirectory: string;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly purpose: 'development' | 'production' | 'unclear';
  /** `used`: Compose takes it by itself, or a command does. `documented`: only texts for people. `guessed`: by its name. */
  readonly rank: 'used' | 'documented' | 'guessed';
  readonly because: readonly Reason[];
}

export interface Discovery {
  /** Everything that something builds, live before documented. */
  readonly targets: readonly DiscoveredTarget[];
  readonly combinations: readonly ComposeCombination[];
  /** Dockerfiles that nothing builds, with a guessed context. Two entries of one Dockerfile: either context may be meant. */
  readonly orphans: readonly DiscoveredTarget[];
  readonly leftOut: readonly LeftOut[];
  /** Files of build definitions that could not be read, with the place. */
  readonly problems: readonly { readonly at: Place; readonly text: string }[];
}

/** What a reader found, before equal ones are joined. Paths are relative to the repository. */
export interface BuildRequest {
  readonly dockerfile: Fact<string>;
  readonly inline?: { readonly text: string; readonly at: Place };
  readonly context: Fact<string>;
  readonly stage?: Fact<string>;
  readonly args?: ReadonlyMap<string, Fact<string>>;
  readonly platforms?: readonly string[];
  readonly additionalContexts?: ReadonlyMap<string, Fact<string>>;
  /** How arguments are given is not known: the same build elsewhere says more. */
  readonly argsUnread?: true;
  readonly use: BuildUse;
}

/** A use of compose files by a command or a setting. */
export interface ComposeUse {
  readonly files: readonly string[];
  readonly projectDirectory?: string;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly at: Place;
  readonly text: string;
  readonly rank: 'used' | 'documented' | 'guessed';
}
