import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a variable is set under a name that the code almost reads',
  why: 'The code reads another name, which nothing sets: its default is in force, or it fails when it needs the value.',
  remedy: 'Write the name as the code has it.',
  proof: 'none',
  *check(service) {
    if (service.target === undefined) return;
    const set = [...service.env].filter(([name, v]) => v.origin === 'compose' && name.length > 5);
    if (set.length === 0) return;
    const application = yield* know(service.application);
    const { reads, open } = application.environment;
    const names = new Set(reads.map((read) => read.name.toUpperCase()));
    yield* each(set, function* ([name, { at }]) {
      if (at === undefined || names.has(name.toUpperCase())) return;
      const meant = reads.find(
        (read) =>
          !service.env.has(read.name) && read.name.length > 5 && near(name.toUpperCase(), read.name.toUpperCase()),
      );
      if (meant === undefined) return;
      const [gap] = open;
      if (gap !== undefined) yield* know(unknown(gap.text, gap));
      // Shared by an anchor with another service, it may be meant for that one.
      const shared = service.stack.services.some((s) => s !== service && s.env.get(name)?.at?.line === at.line);
      if (shared) yield* know(unknown(`${name} is set for other services too`));
      yield claim({
        at,
        title: `${service.name} does not read ${name}; its code reads ${meant.name}, which nothing sets`,
        subject: name,
        because: [
          { kind: 'compose', at, text: `${name} is set for ${service.name}` },
          { kind: 'source', at: meant.at, text: `the code reads ${meant.name}` },
        ],
      });
    });
  },
});

/** One letter more, less, other, or two changed places; numbers and plurals at the end are other names. */
function near(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (/\d/.test(left + right)) return false;
  if (left.length === 2 && right.length === 2) return left[0] === right[1] && left[1] === right[0];
  return left.length <= 1 && right.length <= 1;
}
