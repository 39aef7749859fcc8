import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { isShipped } from '../../final-stages.ts';
import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';
import { wholeCopy } from '../../whole-copy.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'COPY brings the node_modules of whoever builds over the ones that were installed',
  why: 'A clone has no node_modules, a working copy has: COPY . . after the install merges them over the installed ones. Packages compiled for macOS or another C library or version of Node then lie in the image, the image is larger by all development dependencies, and the context takes seconds to send.',
  remedy: 'Write node_modules (and dist, .env, .git) into .dockerignore.',
  proof: 'none',
  *check(target) {
    if (!isShipped(target)) return;
    yield* each(target.trace.stages, function* (stage) {
      const instructions = target.dockerfile.stages[stage.index]?.instructions ?? [];
      const install = stage.steps.find((step) => installOf(step, false)?.language === 'node');
      if (install === undefined) return;
      const folder = folderOf(install.before.workdir);
      // `npm ci` removes what it finds; a plain install keeps it.
      const keeps = !/^(ci|clean-install)$/.test(install.argv?.[1] ?? '');
      const whole = instructions.find((i, index) => {
        const here = folderOf(stage.steps.find((s) => s.instruction === index)?.before.workdir);
        return (index > install.instruction || keeps) && here === folder && wholeCopy(i, folder);
      });
      if (folder === undefined || whole === undefined) return;
      yield* know(target.sent);
      const later = instructions.indexOf(whole) > install.instruction;
      if (target.context.ignored('node_modules/x/package.json').ignored) return;
      const above = ['.dockerignore', 'package.json'].find((name) => target.repo.entry(name) !== undefined);
      if (target.contextGuessed && target.contextDir !== '' && above !== undefined)
        yield* know(unknown(`the context may be the root, which has a ${above}`));
      const file = target.context.ignore?.file;
      yield claim({
        at: whole.place,
        title: `${whole.original.trim()} brings a local node_modules ${later ? 'over the installed one' : 'into the install'}`,
        subject: `${stage.index} node_modules`,
        because: [
          { kind: 'line', at: install.at, text: `${install.argv?.join(' ')} installs them here` },
          {
            kind: 'derived',
            at: whole.place,
            text: file === undefined ? 'there is no .dockerignore' : `${file} does not name node_modules`,
          },
        ],
      });
    });
  },
});

function folderOf(workdir: { readonly known: boolean; readonly value?: string } | undefined): string | undefined {
  return workdir?.known === true ? workdir.value : undefined;
}
