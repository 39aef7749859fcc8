import { change } from '../change.ts';
import { type CommandModel, succeeded } from '../command-model.ts';
import { openProgramFolders } from './apt.ts';
import { parseOptions, rest, word } from './options.ts';

const SPEC = {
  flags: 'y assumeyes=y q quiet=q allowerasing nobest best nodocs skip-broken refresh noplugins v verbose=v nogpgcheck',
  values: 'setopt enablerepo disablerepo releasever installroot exclude x=exclude repo disableplugin',
};

/** dnf, microdnf and yum: what the packages bring is not listed. */
export const rpm: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  const verb = word(options?.operands[0]);
  if (!options || verb === undefined || options.has('installroot')) return undefined;
  const result = change(state, call.reason);
  if (/^(clean|makecache|check-update|info|list|repolist)$/.test(verb))
    return succeeded(state, [`${call.name} ${verb}`]);
  if (!/^(install|update|upgrade|remove|erase|module|groupinstall|reinstall|autoremove|localinstall)$/.test(verb))
    return undefined;
  const names = options.operands
    .slice(1)
    .map(word)
    .filter((name) => name !== undefined);
  const removing = /^(remove|erase|autoremove)$/.test(verb);
  if (removing) result.assumeBelow('/usr', `${call.name} removes ${names.join(', ')}`);
  else {
    openProgramFolders(result, `${call.name} installs ${names.join(', ')}, whose files are not listed`);
    for (const name of names) {
      result.addPackage({ manager: 'rpm', name });
    }
  }
  // Packages may bring users.
  const why = { known: false as const, why: `${call.name} may have added users`, because: [call.reason] };
  if (verb !== 'remove') result.set({ users: why, groups: why });
  return succeeded(result.state, [`${removing ? 'removes' : 'installs'} ${names.join(', ')}`]);
};
