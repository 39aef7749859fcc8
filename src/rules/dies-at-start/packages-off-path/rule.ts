import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { ImageState } from '../../../simulate/state.ts';
import { broughtEnvironments, copiedScript } from '../../copied-virtualenv.ts';
import { programPath, startedPrograms } from '../../program-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'packages of Python are copied to where Python does not look',
  why: 'Packages of `pip install --user` are found below the home of the user who runs Python, those of --prefix nowhere but below the prefix of Python itself (/usr/local). Elsewhere their programs start and end with ModuleNotFoundError.',
  remedy:
    'Copy a virtual environment instead; or copy to /usr/local, to the home of the user (COPY --chown … /home/app/.local), or set PYTHONUSERBASE.',
  proof: 'engine',
  *check(service) {
    const brought = broughtEnvironments(service);
    if (brought.length === 0) return;
    const application = yield* know(service.application);
    const image = yield* know(service.image);
    yield* each(startedPrograms(application.launch), function* (name) {
      const path = programPath(image, name);
      const script = path === undefined ? undefined : copiedScript(brought, image, path);
      if (script === undefined || /^\/usr(\/local)?$/.test(script.now)) return;
      if (yield* know(isSearched(service, image, script.now))) return;
      yield claim({
        breaks: service.nodes.starts,
        at: script.copy.place,
        title: `${name} lies in ${script.now}, where Python does not look for its packages`,
        subject: script.now,
        because: [
          { kind: 'line', at: script.copy.place, text: script.copy.original.trim() },
          { kind: 'line', at: script.from.at, text: `installed below ${script.made}` },
        ],
      });
    });
  },
});

/** By PYTHONPATH, PYTHONUSERBASE, or because it is `.local` in the home of the user who runs. */
function isSearched(service: Service, image: ImageState, prefix: string): Fact<boolean> {
  for (const name of ['PYTHONPATH', 'PYTHONUSERBASE', 'PYTHONHOME', 'VIRTUAL_ENV']) {
    const set = service.env.get(name)?.value;
    if (set?.known === false) return set;
    if (set?.value.includes(prefix)) return known(true);
  }
  const { user } = service;
  const home = service.env.get('HOME')?.value;
  if (home !== undefined) return home.known ? known(`${home.value}/.local` === prefix) : home;
  if (!user.known) return user;
  if (!image.users.known) return image.users;
  const own = image.users.value.find(({ uid, name }) => uid === user.value.uid || name === user.value.written);
  if (own === undefined && user.value.uid === undefined)
    return unknown(`the home of ${user.value.written} is not known`);
  // Without an entry in /etc/passwd the engine sets HOME=/.
  return known(`${own?.home ?? ''}/.local` === prefix, ...user.because);
}
