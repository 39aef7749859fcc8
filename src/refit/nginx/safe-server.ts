import { named, parseNginx } from '../../nginx/parse.ts';
import { serversOf } from '../../nginx/server.ts';
import { type Part, part } from '../../plan/plan.ts';
import type { Edit } from '../../text/edit.ts';
import { pageConf } from '../dockerfile/page.ts';
import type { ImageInput, RefitInput } from '../input.ts';

/** Small repairs of a page's nginx configuration by span: they need no other image and no other file. */
export function safeServerParts(input: RefitInput, image: ImageInput): readonly Part[] {
  const conf = pageConf(input.repo, image);
  if (typeof conf === 'string' || 'ok' in conf) return [];
  const source = conf.source.replace(/^\.\//, '');
  const file = image.contextDir === '' ? source : `${image.contextDir}/${source}`;
  const text = input.repo.text(file);
  if (text === undefined) return [];
  const parsed = parseNginx(text, file);
  const [server, ...more] = serversOf(parsed);
  if (server === undefined || more.length > 0 || parsed.problems.length > 0) return [];
  const block = server.directive.block ?? [];
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const out: Part[] = [];

  const published = publishedPort(input, image);
  const listens = named(block, 'listen');
  if (published !== undefined && server.listens.every((listen) => listen.port === 80 && !listen.tls)) {
    const edits = listens.flatMap((listen): Edit[] => {
      const word = listen.args[0];
      return word === undefined || !/(^|:)80$/.test(word.text)
        ? []
        : [{ file, start: word.span.start, end: word.span.end, text: word.text.replace(/80$/, String(published)) }];
    });
    if (edits.length === listens.length && edits.length > 0) {
      out.push(
        part({
          id: `listen:${file}`,
          title: `${file}: listen on ${published}, which is what is published`,
          why: `Compose leads to port ${published} of the container, where nothing listens.`,
          tier: 'safe',
          rules: ['published-port-unserved'],
          edits,
        }),
      );
    }
  }

  const home = server.locations.find((location) => location.path === '/' && location.modifier === '');
  const inner = home?.directive.block ?? [];
  const served = ['try_files', 'proxy_pass', 'return', 'rewrite', 'error_page', 'alias'].some(
    (name) => named(inner, name).length > 0,
  );
  const first = inner[0];
  if (first !== undefined && !served && named(block, 'try_files').length + named(block, 'error_page').length === 0) {
    out.push(
      part({
        id: `deep-link:${file}`,
        title: `${file}: answer the paths of the page with the page`,
        why: 'The page has paths of its own; nginx looks for files of those names and finds none.',
        tier: 'safe',
        rules: ['deep-link-unserved'],
        edits: [
          {
            file,
            start: first.span.start,
            end: first.span.start,
            text: `try_files $uri /index.html;${newline}${indentAt(text, first.span.start)}`,
          },
        ],
      }),
    );
  }

  const inherited = named(block, 'add_header').map((item) => ({
    name: item.args[0]?.text.toLowerCase() ?? '',
    text: text.slice(item.span.start, item.span.end),
  }));
  const edits = server.locations.flatMap((location): Edit[] => {
    const own = named(location.directive.block, 'add_header');
    const last = own.at(-1);
    if (last === undefined || named(location.directive.block, 'include').length > 0) return [];
    const names = new Set(own.map((item) => item.args[0]?.text.toLowerCase()));
    const missing = inherited.filter((header) => !names.has(header.name));
    if (missing.length === 0) return [];
    const indent = indentAt(text, last.span.start);
    return [
      {
        file,
        start: last.span.end,
        end: last.span.end,
        text: missing.map((header) => `${newline}${indent}${header.text}`).join(''),
      },
    ];
  });
  if (edits.length > 0) {
    out.push(
      part({
        id: `headers:${file}`,
        title: `${file}: send the security headers from every location`,
        why: 'A location with an add_header of its own inherits none.',
        tier: 'safe',
        rules: ['security-headers-dropped'],
        edits,
      }),
    );
  }
  return out;
}

/** The one port of the container that every stack publishes, when an unprivileged process could listen on it. */
function publishedPort(input: RefitInput, image: ImageInput): number | undefined {
  const services = input.stacks.flatMap((stack) =>
    stack.services.filter((service) => service.dockerfile === image.dockerfile.file),
  );
  const ports = new Set(services.flatMap((service) => service.published.map((port) => port.container)));
  const [port, ...more] = ports;
  return more.length === 0 && port !== undefined && port >= 1024 ? port : undefined;
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
