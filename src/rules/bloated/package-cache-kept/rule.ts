import type { RunInstruction } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import type { StageTrace, Step } from '../../../simulate/trace.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import type { Fix } from '../../finding.ts';
import { claim, rule } from '../../rule.ts';
import { textEdit } from '../../text-edit.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the cache of a package manager stays in the image',
  why: 'pip, npm, yarn, apk and dnf keep what they download for the next time; in a layer there is no next time. It is often as large as what was installed.',
  remedy:
    'pip install --no-cache-dir, apk add --no-cache, npm cache clean --force or dnf clean all in the same RUN, or a cache mount.',
  aliases: ['DL3042', 'DL3019', 'DL3040', 'DL3032', 'DL3060'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    if (!isShipped(target)) return;
    yield* each(finalStages(target), function* (stage) {
      for (const manager of Object.keys(INSTALLERS)) {
        const kept = stage.steps.filter((step) => keeps(target, stage, step, manager));
        const [first] = kept;
        if (first === undefined) continue;
        const fix = fixOf(target, kept, INSTALLERS[manager]?.option);
        yield claim({
          at: first.at,
          title: `the cache of ${manager} stays in this layer`,
          subject: `${stage.index} ${manager}`,
          because: kept
            .slice(0, 3)
            .map(({ at, argv }) => ({ kind: 'line' as const, at, text: argv?.slice(0, 4).join(' ') ?? manager })),
          ...(fix === undefined ? {} : { fix }),
        });
      }
    });
  },
});

interface Installer {
  readonly installs: RegExp;
  /** Words, or variables of the environment, that switch the cache off or move it. */
  readonly off: RegExp;
  readonly variables: readonly string[];
  /** In the text of the RUN: the cache is emptied. */
  readonly emptied: RegExp;
  /** Files that configure it otherwise. */
  readonly files: readonly string[];
  readonly option?: readonly [find: string, replacement: string];
}

const INSTALLERS: Readonly<Record<string, Installer>> = {
  pip: {
    installs: /^((\S*\/)?pip[\d.]*|(\S*\/)?python[\d.]* -m pip) install /,
    off: /^--no-cache(-dir)?$/,
    variables: ['PIP_NO_CACHE_DIR', 'PIP_CACHE_DIR', 'PIP_CONFIG_FILE', 'XDG_CACHE_HOME'],
    emptied: /\.cache|cache purge|\brm\b.*\/root/,
    files: ['/etc/pip.conf', '/root/.config/pip/pip.conf', '/root/.pip/pip.conf'],
    option: ['pip install', 'pip install --no-cache-dir'],
  },
  apk: {
    installs: /^apk (-\S+ )*add /,
    off: /^--no-(cache|network)$/,
    variables: [],
    emptied: /\/var\/cache|apk cache clean/,
    files: [],
    option: ['apk add', 'apk add --no-cache'],
  },
  npm: {
    installs: /^npm (ci|i|install|clean-install)( |$)/,
    off: /^--cache(=|$)/,
    variables: ['npm_config_cache', 'NPM_CONFIG_CACHE'],
    emptied: /\.npm|cache clean|\brm\b.*(\/root|~)/,
    files: [],
  },
  yarn: {
    installs: /^yarn( install| -\S+|$)/,
    off: /^--cache-folder(=|$)/,
    variables: ['YARN_CACHE_FOLDER'],
    emptied: /cache clean|\.cache/,
    files: ['.yarnrc.yml', '.yarn'],
  },
  dnf: {
    installs: /^(micro)?dnf (.* )?install |^yum (.* )?install /,
    off: /keepcache=0/,
    variables: [],
    emptied: /clean all|\/var\/cache/,
    files: [],
  },
};

function keeps({ dockerfile }: BuildTarget, stage: StageTrace, step: Step, name: string): boolean {
  const manager = INSTALLERS[name];
  const words = step.argv;
  const run = dockerfile.stages[stage.index]?.instructions[step.instruction];
  if (manager === undefined || words === undefined || run?.keyword !== 'RUN') return false;
  if (!manager.installs.test(`${words.join(' ')} `.replace(/ +$/, ' ')) || words.some((word) => manager.off.test(word)))
    return false;
  // pip's own update is two megabytes.
  if (
    name === 'pip' &&
    words.slice(words.indexOf('install') + 1).every((word) => /^(-.*|pip|setuptools|wheel)([<>=~].*)?$/.test(word))
  )
    return false;
  const { env, tree, workdir } = step.before;
  if (manager.variables.some((variable) => env.has(variable))) return false;
  const folder = workdir.known ? workdir.value : '';
  const file = manager.files.some((path) => {
    const found = tree.lookup(path.startsWith('/') ? path : `${folder}/${path}`);
    return found.known && found.value.presence !== 'absent';
  });
  return (
    !file && !cacheIsMounted(run) && !manager.emptied.test(run.original + run.heredocs.map((h) => h.content).join('\n'))
  );
}

function cacheIsMounted(run: RunInstruction): boolean {
  return run.mounts.some((mount) => mount.type === 'cache' || mount.type === 'tmpfs');
}

/** The option, where every one of the commands is written so that it can be put in. */
function fixOf({ repo }: BuildTarget, steps: readonly Step[], option: Installer['option']): Fix | undefined {
  if (option === undefined) return undefined;
  const edits = steps.map(({ at }) => textEdit(repo, at, option[0], option[1]));
  const whole = edits.filter((edit) => edit !== undefined);
  return whole.length < edits.length ? undefined : { safety: 'safe', title: `write ${option[1]}`, edits: whole };
}
