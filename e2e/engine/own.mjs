// The user's own Docker: is it there, does it build with BuildKit, and can it get base images?
import { lastLine, run } from '../../scripts/run.mjs';

// An image that the bundled example needs. The build only asks for its description: nothing is pulled.
const PROBE = 'python:3.12-slim';

/**
 * @returns {Promise<{ usable: boolean, answers: boolean, why: string }>}
 * `answers` without `usable`: it is the user's, it runs, but it cannot do the work; `why` says what is missing.
 */
export async function ownDocker() {
  const info = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { seconds: 10 });
  // `docker info` exits with 0 in some versions although the server does not answer: then there is no version.
  if (!info.ok || info.stdout.trim() === '') {
    const said = lastLine(info.stderr)
      .replace(/ Is the docker daemon running\?$/, '')
      .replace(/\.$/, '');
    const why = typeof info.exit === 'string' ? info.exit : said || 'docker info names no server';
    return { usable: false, answers: false, why };
  }
  const version = info.stdout.trim();
  const [buildx, compose] = await Promise.all([
    run('docker', ['buildx', 'version'], { seconds: 10 }),
    run('docker', ['compose', 'version'], { seconds: 10 }),
  ]);
  const state = { usable: false, answers: true };
  if (!buildx.ok) return { ...state, why: `Docker ${version} answers, but it has no buildx plugin, so no BuildKit` };
  if (!compose.ok) return { ...state, why: `Docker ${version} answers, but it has no compose plugin` };
  const build = await run('docker', ['buildx', 'build', '--quiet', '--output', 'type=cacheonly', '-'], {
    input: `FROM ${PROBE}\n`,
    seconds: 45,
  });
  if (!build.ok) {
    // "ERROR: failed to build: failed to solve: NAME: failed to resolve …": the last two say it
    const said = lastLine(build.stderr).replace(/^ERROR: .*?failed to solve: /, '') || String(build.exit);
    return { ...state, why: `Docker ${version} answers, but it cannot get base images (${said})` };
  }
  return { ...state, usable: true, why: `Docker ${version} answers, with buildx and compose, and can get ${PROBE}` };
}
