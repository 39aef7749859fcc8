import { type Fact, known, type Presence } from '../facts/fact.ts';
import type { ImageState } from '../simulate/state.ts';

/** Package managers of languages put scripts on the PATH, but no database and no queue. */
const LANGUAGES = /^(?:pip|python|poetry|pipenv|pdm|uv|npm|npx|yarn|pnpm|bun|gem|bundle|composer)\b/;
/** Package managers that bring servers, and the names of those. */
const SYSTEM: ReadonlySet<string> = new Set(['apt', 'apk']);
const SERVERS =
  /^(?:postgresql(?:-?\d+)?|(?:mysql|mariadb)(?:-server)?|mongodb\S*|redis(?:-server)?|valkey(?:-server)?|rabbitmq-server)$/;

/** Whether an image has the program of a server itself, so that localhost may be meant. */
export function ownServer(image: ImageState, program: string): Fact<boolean> {
  // A package may keep its server off the PATH.
  if (image.packages.some((p) => SYSTEM.has(p.manager) && SERVERS.test(p.name))) return known(true);
  const found: Fact<Presence> = image.command(program);
  if (found.known) return known(found.value !== 'absent', ...found.because);
  return LANGUAGES.test(found.why) ? known(false) : found;
}
