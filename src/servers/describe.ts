import type { ImageTag } from './image-tag.ts';
import { sureness } from './proven.ts';
import type { Server, ServerUser, ServerVariable } from './server.ts';

/** A server's description for one tag. Undefined: this tag is not described. */
export interface ServerTable {
  readonly repositories: RegExp;
  readonly describe: (image: ImageTag) => Server | undefined;
}

export const ROOT: ServerUser = { name: 'root', uid: 0, gid: 0 };

const EMPTY: Omit<Server, 'sureness' | 'name' | 'origin' | 'startsAs' | 'runsAs' | 'ports'> = {
  variables: [],
  initScripts: [],
  variablesComplete: false,
  variablePatterns: [],
  anyUser: 'owner-of-data',
  capabilities: [],
  capabilitiesAsUser: [],
  data: [],
  wrongData: [],
  declaredVolumes: [],
  scratch: [],
  tools: [],
  missingTools: [],
  openByDefault: false,
  stopSignal: 'SIGTERM',
  notes: [],
};

type Given = Omit<Partial<Server>, 'sureness'> & Pick<Server, 'name' | 'origin' | 'startsAs' | 'ports'>;

/** Fills in what most servers share: nothing known, no capability needed. */
export function server(given: Given): Server {
  return { ...EMPTY, runsAs: given.startsAs, ...given, sureness: sureness(given.name, given.origin.source) };
}

/** A variable that may be left unset. */
export function optional(name: string, more: Partial<ServerVariable> = {}): ServerVariable {
  return { name, required: 'never', ...more };
}

export function tcp(port: number, what: string): Server['ports'][number] {
  return { port, protocol: 'tcp', what };
}

/** Facts read in the image's own repository, by way of the shared table of base images. */
export function read(source: string, date: string, confidence: 'high' | 'medium' | 'low' = 'high'): Server['origin'] {
  return { source, date, confidence };
}
