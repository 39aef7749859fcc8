import type { Dockerfile } from '../dockerfile/types.ts';
import type { Repo } from '../repo/repo.ts';

/** What the writers need to know. Everything that is not given is not guessed: the writer leaves it out, or the file alone. */
export interface RefitInput {
  readonly repo: Repo;
  readonly images: readonly ImageInput[];
  readonly stacks: readonly StackInput[];
  /** The day it is, `2026-11-21`: which base images are still supported depends on it. */
  readonly today: string;
}

/** One Dockerfile that something really builds. */
export interface ImageInput {
  readonly dockerfile: Dockerfile;
  /** Build context, relative to the repository; `` is its root. */
  readonly contextDir: string;
  /** The ignore file in force, existing or not: `api/.dockerignore`, `api/Dockerfile.dockerignore`. */
  readonly ignoreFile: string;
  /** Stage asked for by `target:`; absent: the last one. */
  readonly stage?: string;
  /** The port that the process listens on. */
  readonly port?: number;
  /** A path that answers 2xx to a GET when the application is well. */
  readonly healthPath?: string;
  /** A compose file checks its health: a check in the image would change nothing there. */
  readonly checkedByCompose?: boolean;
  /** Absolute folders that the process writes to (volumes are mounted there). */
  readonly dataDirs: readonly string[];
  /** Folders of the host that are mounted into it to be written to. */
  readonly hostFolders?: readonly string[];
  /** Ids that the base image of the final stage has taken, where known: `USER` gets another one. */
  readonly takenIds?: readonly number[];
  /** Where the page of this image sends its API calls. */
  readonly upstream?: Upstream;
}

/** The API behind a page. */
export interface Upstream {
  /** Path prefix of the page's calls: `/api`. */
  readonly prefix: string;
  /** True when the API does not know the prefix: it is taken off. */
  readonly strip: boolean;
  /** `http://api:8000`. */
  readonly url: string;
}

/** One combination of compose files that is really used. */
export interface StackInput {
  readonly files: readonly string[];
  readonly production: boolean;
  readonly services: readonly ServiceInput[];
}

export interface ServiceInput {
  readonly name: string;
  /** Dockerfile that it is built from; absent for `image:`. */
  readonly dockerfile?: string;
  /** Named volumes and bind mounts as merged. */
  readonly mounts: readonly MountInput[];
  /** Ports that are published on the host, as merged. */
  readonly published: readonly { readonly host: string; readonly container: number }[];
  /** Environment variables set for it, with the file and the text of the value as written. */
  readonly environment: readonly { readonly name: string; readonly file: string; readonly value: string }[];
  readonly networks: readonly string[];
  /** Services that it waits for or talks to. */
  readonly dependsOn: readonly string[];
  /** A signal handler is not known to exist, so process 1 needs one (`init: true`). */
  readonly needsInit?: boolean;
}

export interface MountInput {
  readonly type: 'volume' | 'bind' | 'tmpfs';
  /** Name of the volume or path on the host, as merged. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** As written in the file that adds it, for a list that replaces it. */
  readonly written: string;
  readonly file: string;
}

/** The user that refitted images run as: above the ids that base images and hosts give out. */
export const APP_ID = 10001;
