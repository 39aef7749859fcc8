import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';

const SETTINGS = '/etc/nginx';
/** The image's own, which only runs scripts of a folder. */
const ENTRYPOINT = '/docker-entrypoint.sh';

/** Why nginx does not read a file of settings that is mounted there; known undefined: it does, or it is no such file. */
export function unreadByNginx(service: Service, target: string): Fact<string | undefined> {
  const { foundation, compose, webServer, process } = service;
  if (foundation?.name !== 'nginx' && foundation?.name !== 'nginx (unprivileged)') return known(undefined);
  if (!/\.conf$/.test(target) || target.startsWith(`${SETTINGS}/templates/`)) return known(undefined);
  if (compose.entrypoint !== undefined) return unknown('another entrypoint may move files');
  if (!process.known) return unknown(process.why);
  const words = process.value.argv.filter((word) => word !== ENTRYPOINT);
  if (words.some((word) => /(?:^|\s)-[a-z]*c|\.sh\b|^(?:ba)?sh$/.test(word)))
    return unknown('its command may name another file');
  if (!webServer.known) return unknown(webServer.why);
  const source = compose.volumes.find((mount) => mount.target.fact.known && mount.target.fact.value === target)?.source;
  const path = source?.fact.known === true ? source.fact.value.path : undefined;
  if (path === undefined || webServer.value.files.some(({ file }) => file === path)) return known(undefined);
  const folder = target.slice(0, target.lastIndexOf('/'));
  const patterns = webServer.value.files.flatMap(({ text }) =>
    [...text.matchAll(/\binclude\s+["']?([^;"']+)/g)].map(([, pattern = '']) =>
      pattern.startsWith('/') ? pattern.trim() : `${SETTINGS}/${pattern.trim()}`,
    ),
  );
  if (patterns.some((pattern) => pattern.includes('$') || pattern.slice(0, pattern.lastIndexOf('/')) === folder))
    return known(undefined);
  return known(`its settings are ${SETTINGS}/nginx.conf and what that includes (as a rule ${SETTINGS}/conf.d/*.conf)`);
}
