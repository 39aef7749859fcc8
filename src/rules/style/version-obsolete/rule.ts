import { at } from '../../../compose/node.ts';
import { yamlOf } from '../../../compose/repo-yaml.ts';
import { lineEdit } from '../../line-edit.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'note',
  summary: '`version:` in a compose file',
  why: 'Compose has ignored it since version 2 and warns each time: "the attribute `version` is obsolete".',
  remedy: 'Take the line out.',
  proof: 'none',
  decides: 'always',
  *check(stack) {
    for (const file of stack.files) {
      const node = at(yamlOf(stack.repo, file)?.documents[0]?.root, 'version');
      if (node === undefined) continue;
      const edit = lineEdit(stack.repo, node.at);
      yield claim({
        at: node.at,
        title: '`version:` is obsolete: Compose ignores it',
        subject: file,
        because: [{ kind: 'compose', at: node.at, text: 'the first line of old compose files' }],
        ...(edit === undefined ? {} : { fix: { safety: 'safe', title: 'take the line out', edits: [edit] } }),
      });
    }
  },
});
