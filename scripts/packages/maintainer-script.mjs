// Reads what a package's maintainer scripts do to users and alternatives, as far as the text says it plainly.

/** Paths that `update-alternatives --install LINK …` and its `--slave LINK …` create. Links built from variables are left out. */
export function alternativesOf(postinst) {
  const joined = postinst.replace(/\\\n\s*/g, ' ');
  const paths = new Set();
  for (const line of joined.split('\n')) {
    if (!/update-alternatives/.test(line) || /--remove/.test(line)) continue;
    for (const match of line.matchAll(/--(?:install|slave)\s+["']?(\/(?:usr\/)?s?bin\/[\w.+-]+)["']?/g)) {
      paths.add(match[1].startsWith('/usr/') ? match[1] : `/usr${match[1]}`);
    }
  }
  return [...paths];
}

/** System users that a package creates: name, and uid, gid, home where written as plain text. */
export function usersOf(control) {
  const users = new Map();
  const joined = (control.postinst ?? '').replace(/\\\n\s*/g, ' ');
  const variables = new Map(
    [...joined.matchAll(/^\s*([A-Z_a-z]+)=["']?([\w./-]+)["']?\s*$/gm)].map((m) => [m[1], m[2]]),
  );
  const plain = (word) =>
    word === undefined
      ? undefined
      : word.replace(/["']/g, '').replace(/\$\{?(\w+)\}?/g, (all, name) => variables.get(name) ?? all);
  for (const line of joined.split('\n')) {
    const call = /(?:^|[\s;&|])(adduser|useradd)\s+(.*?)(?:\s*(?:>|\|\||&&|;|2>).*)?$/.exec(line);
    if (!call || /^\s*(#|echo|printf)/.test(line)) continue;
    const words = call[2].match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
    if (!words.some((word) => /^(--system|-r|-S)$/.test(word))) continue;
    const user = {};
    const rest = [];
    for (let i = 0; i < words.length; i++) {
      const [flag, inline] = words[i].split(/=(.*)/s);
      const takes =
        /^(--(uid|gid|home|shell|ingroup|gecos|comment|home-dir|groups|firstuid|lastuid|conf)|-[ugdsGc])$/.test(flag);
      const value = inline !== undefined ? inline : takes ? words[++i] : undefined;
      if (/^(--uid|-u)$/.test(flag)) user.uid = plain(value);
      else if (/^(--home|--home-dir|-d)$/.test(flag)) user.home = plain(value);
      else if (flag === '--group') user.group = true;
      else if (flag === '--ingroup' || flag === '--gid' || flag === '-g') user.ingroup = plain(value);
      else if (!flag.startsWith('-')) rest.push(flag);
    }
    const name = plain(rest[0]);
    // adduser USER GROUP adds a member; names with variables left are not known.
    if (!name || rest.length > 1 || !/^[a-z_][\w.-]*$/i.test(name) || users.has(name)) continue;
    users.set(name, tidy({ name, ...user }));
  }
  for (const line of (control.sysusers ?? '').split('\n')) {
    const [, kind, name, id, home] = /^([ugm])!?\s+(\S+)\s+(\S+)(?:\s+"[^"]*"|\s+-)?(?:\s+(\S+))?/.exec(line) ?? [];
    if (kind !== 'u' || users.has(name)) continue;
    users.set(name, tidy({ name, uid: /^\d+/.exec(id)?.[0], home, group: true }));
  }
  return [...users.values()];
}

function tidy(user) {
  const out = { name: user.name };
  if (/^\d+$/.test(user.uid ?? '')) out.uid = Number(user.uid);
  if (user.home?.startsWith('/') && !user.home.includes('$')) out.home = user.home;
  if (user.group) out.group = true;
  else if (/^\d+$/.test(user.ingroup ?? '')) out.gid = Number(user.ingroup);
  else if (user.ingroup && !user.ingroup.includes('$')) out.ingroup = user.ingroup;
  return out;
}
