import { envTemplate } from '../../env-template.ts';
import { BY_TOOLS, isRead, namesIn } from '../../read-names.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'note',
  summary: 'the template of `.env` sets variables that nothing reads',
  why: 'Neither the compose files nor the code name them: whoever changes the port or the password there changes nothing.',
  remedy: 'Use them in the compose file (`${NAME}`), or take them out of the template.',
  proof: 'none',
  decides: 'always',
  *check(stack) {
    const template = envTemplate(stack);
    if (
      stack.files.length === 0 ||
      template === undefined ||
      stack.services.length === 0 ||
      OF_TESTS.test(template.path)
    )
      return;
    if (stack.services.some((s) => s.target === undefined && s.compose.envFiles.length > 0)) return;
    const unread = [...template.entries].filter(([name]) => !BY_TOOLS.test(name));
    if (unread.length === 0) return;
    const read = namesIn(stack.repo, (file) => file === template.path);
    if (read === undefined) return;
    const lost = unread.filter(([name]) => !isRead(name, read));
    const [first] = lost;
    if (first === undefined) return;
    const names = lost.map(([name]) => name);
    const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '');
    yield claim({
      at: first[1].at,
      title: `nothing reads ${shown} of ${template.path}`,
      subject: template.path,
      because: lost
        .slice(0, 6)
        .map(([name, { at }]) => ({ kind: 'compose', at, text: `no compose file and no code names ${name}` })),
    });
  },
});

const OF_TESTS = /(?:^|[/._-])(?:tests?|e2e|cypress|playwright)(?:$|[/._-])/i;
