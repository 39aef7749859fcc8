import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import type { Options } from './options.ts';
import { kindAt } from './paths.ts';
import { activeVenv } from './python-env.ts';

/** First releases whose own Python refuses pip outside a virtual environment (PEP 668): Debian 12, Ubuntu 23.04, Alpine 3.19. */
const UBUNTU = /^(lunar|mantic|noble|oracular|plucky|questing|resolute)$/;

/** What pip says where Python belongs to the distribution. Anything that may allow it after all is taken as allowing it. */
export function managedFailure(
  call: Call,
  state: ImageState,
  options: Options,
  tool: string | undefined,
): Failure | undefined {
  if (!/^(pip|python)[\d.]*$/.test(call.name) || !state.distro.known || !marked(state)) return undefined;
  const named = tool?.startsWith('/') === true && !/^\/usr\/bin\/(pip|python)[\d.]*$/.test(tool);
  if (named || ['break-system-packages', 't', 'prefix', 'root', 'dry-run', 'python'].some((key) => options.has(key)))
    return undefined;
  if (
    ownPython(state) ||
    call.envOpen ||
    [...call.env.keys()].some((name) => /^PIP_|^VIRTUAL_ENV$|^PYENV_|^CONDA_/.test(name))
  )
    return undefined;
  if (activeVenv(call, state) !== null || configured(call, state)) return undefined;
  const { id, release } = state.distro.value;
  return {
    kind: 'python-managed',
    at: call.at,
    subject: 'externally-managed-environment',
    text: `pip stops: the Python of ${id} ${release ?? ''} is managed by the distribution`,
    because: [...state.distro.because, call.reason],
    says: 'externally-managed-environment',
    detail: { distro: id, release: release ?? '' },
  };
}

/** Another Python, of the image or of a step that is not known, comes before that of the distribution. */
function ownPython(state: ImageState): boolean {
  if (state.languages.has('python')) return true;
  return ['pip', 'pip3', 'python', 'python3'].some((name) => {
    const path = `/usr/local/bin/${name}`;
    return (
      /^(file|symlink)$/.test(kindAt(state, path)) ||
      state.tree.lookup(path).because.some(({ kind }) => kind === 'line')
    );
  });
}

/** Whether pip came with the distribution's own packages, in a release that marks its Python. */
function marked(state: ImageState): boolean {
  if (!state.distro.known) return false;
  const { id, release = '' } = state.distro.value;
  const by = (manager: string, name: string) => state.packages.some((p) => p.manager === manager && p.name === name);
  if (id === 'debian') return /^(bookworm|trixie|forky)$/.test(release) && by('apt', 'python3-pip');
  if (id === 'ubuntu') return UBUNTU.test(release) && by('apt', 'python3-pip');
  const [, minor] = /^3\.(\d+)$/.exec(release) ?? [];
  return id === 'alpine' && minor !== undefined && Number(minor) >= 19 && by('apk', 'py3-pip');
}

/** A configuration of pip may say break-system-packages. No package of a distribution brings one. */
function configured(call: Call, state: ImageState): boolean {
  const home = call.env.get('HOME');
  const folder = home?.known ? home.value : '/root';
  const files = ['/etc/pip.conf', '/etc/xdg/pip/pip.conf', `${folder}/.config/pip/pip.conf`, `${folder}/.pip/pip.conf`];
  return files.some((path) => /^(file|symlink)$/.test(kindAt(state, path)));
}
