import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'note',
  summary: 'a volume or network that no service uses',
  why: 'Compose creates nothing for it. Often the name in a service is written differently, and the data go elsewhere.',
  remedy: 'Use it or take it out.',
  proof: 'none',
  *check(stack) {
    const { model } = stack;
    const services = [...model.services.values()];
    const volumes = [...model.volumes.values()].map((v) => ({
      what: 'volume',
      of: v,
      used: services.some((s) =>
        s.volumes.some((m) => m.source?.fact.known === true && m.source.fact.value.written === v.key),
      ),
    }));
    const networks = [...model.networks.values()]
      .filter((n) => !n.implicit && n.key !== 'default')
      .map((n) => ({
        what: 'network',
        of: n,
        used: services.some((s) => s.networks.some((own) => own.name === n.key)),
      }));
    yield* each(
      [...volumes, ...networks].filter((r) => !r.used),
      function* ({ what, of }) {
        // Another combination of files may use it.
        if (namedIn(stack.repo.text(of.at.file) ?? '', of.key)) return;
        const [gap] = model.gaps;
        if (gap !== undefined) yield* know(unknown(gap.text, gap));
        const vague = services.some((s) => s.volumes.some((m) => m.source?.fact.known === false));
        if (what === 'volume' && vague) yield* know(unknown('which volumes are mounted depends on variables'));
        yield claim({
          at: of.at,
          title: `no service uses the ${what} ${of.key}`,
          subject: `${what} ${of.key}`,
          because: [{ kind: 'compose', at: of.at, text: `${of.key} is declared here` }],
        });
      },
    );
  },
});

/** Whether a service in the text of the declaring file names it, also one that an override takes away. */
function namedIn(text: string, key: string): boolean {
  const name = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:-\\s*["']?|source:\\s*["']?|[[,]\\s*["']?)${name}(?:["']?\\s*(?:$|[,\\]])|:/)`, 'm').test(text);
}
