import { at, itemsOf, textOf } from '../../../compose/node.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { namesInside } from '../../container-files.ts';
import { claim, rule } from '../../rule.ts';
import { isPrometheus, prometheusConfig } from '../../scrape-jobs.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'rules for alerts that Prometheus does not load',
  why: 'Prometheus loads the files that `rule_files` names, and nothing else; a name that matches no file is no error. It starts, and no alert ever fires.',
  remedy:
    'Mount the files where `rule_files` looks (paths are relative to the configuration), and name every one of them.',
  proof: 'none',
  *check(service) {
    if (service.stack.files.length === 0 || !isPrometheus(service)) return;
    const config = yield* know(prometheusConfig(service));
    if (config === undefined) return;
    const folder = config.path.slice(0, config.path.lastIndexOf('/'));
    const named = itemsOf(at(config.root, 'rule_files')).flatMap((node) => {
      const text = textOf(node);
      return text === undefined
        ? []
        : [{ at: node.at, text, path: text.startsWith('/') ? text : `${folder}/${text.replace(/^\.\//, '')}` }];
    });
    yield* each(named, function* ({ at: place, text, path }) {
      if (yield* matches(service, path)) return;
      yield claim({
        at: place,
        title: `${service.name} (Prometheus) loads no rules from ${text}: there is no such file in its container`,
        subject: text,
        because: [{ kind: 'line', at: place, text: `rule_files names ${text}, which is ${path} in the container` }],
      });
    });
    const expressions = named.map(({ path }) => expression(path));
    const lost = mountedRules(service).filter(({ path }) => !expressions.some((e) => e.test(path)));
    yield* each(lost.slice(0, 1), function* ({ at: place, file, path }) {
      yield claim({
        at: place,
        title: `${service.name} (Prometheus) does not load the rules in ${file}: rule_files does not name ${lost.length === 1 ? 'them' : 'these'}`,
        subject: file,
        because: [
          {
            kind: 'compose',
            at: place,
            text: `${file} is ${path} in the container; ${config.file} names ${named.map((n) => n.text).join(', ') || 'no rules'}`,
          },
        ],
      });
    });
  },
});

/** `*` and `?` of a file name, as Go's filepath.Match has them. */
function expression(path: string): RegExp {
  const plain = path
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${plain}$`);
}

function* matches(service: Service, path: string): Generator<Ask, boolean, unknown> {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash);
  // A pattern among the folders is not followed.
  if (/[*?[]/.test(folder)) return true;
  const names = (yield* know(namesInside(service, folder))) ?? [];
  const name = expression(path.slice(slash + 1));
  return names.some((n) => name.test(n));
}

/** Files of rules that compose mounts for Prometheus. */
function mountedRules({
  compose,
  stack,
}: Service): readonly { readonly at: Place; readonly file: string; readonly path: string }[] {
  return compose.volumes.flatMap((mount) => {
    const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
    const target = mount.target.fact.known ? mount.target.fact.value.replace(/\/+$/, '') : undefined;
    if (source === undefined || target === undefined || !target.startsWith('/etc/')) return [];
    const files = stack.repo.files().filter((f) => f === source || f.startsWith(`${source}/`));
    return files
      .filter((file) => /\.ya?ml$/.test(file) && isRules(stack.repo.text(file) ?? ''))
      .map((file) => ({ at: mount.at, file, path: `${target}${file.slice(source.length)}` }));
  });
}

function isRules(text: string): boolean {
  return /^groups:/m.test(text) && /^\s+-?\s*(?:alert|record):/m.test(text);
}
